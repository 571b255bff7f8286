# SPDX-License-Identifier: Apache-2.0
"""Reads internet.yaml, fills in the defaults and checks what a typing slip would break."""

import ipaddress

import yaml

SERVERS = {"postfix", "exim", "nginx", "scripted", "closed", "black_hole", "none"}
TLS_VERSIONS = ["ssl3", "1.0", "1.1", "1.2", "1.3"]
STACKS = {"openssl4", "tlslite"}


class DescriptionError(Exception):
    """A fault in internet.yaml, told in one line."""


class UniqueKeys(yaml.CSafeLoader):  # the loader in C: the one in Python takes seconds
    """YAML lets the last of two equal keys win; in a hand-written file that hides a host."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise DescriptionError(f"line {key.start_mark.line + 1}: {key.value} is described twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, UniqueKeys)


def read(path):
    internet = load(path)
    for section in ("tlds", "hosts", "domains"):
        internet[section] = internet.get(section) or {}
    for name, tld in internet["tlds"].items():
        internet["tlds"][name] = complete_tld(tld)
    for name, host in internet["hosts"].items():
        internet["hosts"][name] = complete_host(name, host or {})
    for name, domain in internet["domains"].items():
        internet["domains"][name] = complete_domain(name, domain or {}, internet["tlds"])
    check_addresses(internet["hosts"])
    return internet


def complete_tld(tld):
    algorithm = tld["sign"]
    if algorithm == "none":
        return {"kind": "insecure"}
    return {"kind": "secure", "algorithm": algorithm, "denial": tld.get("denial", "nsec")}


def complete_host(name, host):
    host = {"v4": [], "v6": [], "tlsa": [], "other_tlsa": {}, "expect": {}, **host}
    if host.get("server") not in SERVERS:
        raise DescriptionError(f"host {name}: server is {host.get('server')}, not one of {sorted(SERVERS)}")
    certificate = host.get("certificate", "good")
    host["certificate"] = {"kind": certificate} if isinstance(certificate, str) else certificate
    host["tls"] = [str(version) for version in host.get("tls", ["1.2", "1.3"])]
    if not set(host["tls"]) <= set(TLS_VERSIONS):
        raise DescriptionError(f"host {name}: tls is {host['tls']}, not among {TLS_VERSIONS}")
    if "stack" in host and (host["server"] != "scripted" or host["stack"] not in STACKS):
        raise DescriptionError(f"host {name}: a scripted host may have a stack, one of {sorted(STACKS)}")
    return host


def complete_domain(name, domain, tlds):
    tld = name.rsplit(".", 1)[-1]
    if tld not in tlds:
        raise DescriptionError(f"domain {name}: the top-level domain {tld} is not described")
    domain = {"listed": True, "mx": [], "records": [], "expect": {}, **domain}
    usual = {"kind": "insecure"} if tlds[tld]["kind"] == "insecure" else {"kind": "secure"}
    domain["zone"] = {**usual, **domain.get("zone", {})}
    return domain


def check_addresses(hosts):
    """An address is served once: names that share it say `server: none`."""
    served = {}
    for name, host in hosts.items():
        for address in host["v4"] + host["v6"]:
            ipaddress.ip_address(address)
            if host["server"] == "none":
                continue
            if address in served:
                raise DescriptionError(f"host {name}: {served[address]} serves {address} already")
            served[address] = name


def addresses(hosts, server):
    """Every (address, host name, host) that a server of this kind listens on."""
    return [
        (address, name, host)
        for name, host in hosts.items()
        if host["server"] == server
        for address in host["v4"] + host["v6"]
    ]
