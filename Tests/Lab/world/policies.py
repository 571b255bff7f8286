# SPDX-License-Identifier: Apache-2.0
"""Reads policies.yaml: domains with records of their own, and the HTTPS hosts of their MTA-STS policies (RFC 8461)."""

from description import DescriptionError, complete_domain, load

RECORD = "v=STSv1; id=20261122;"
LINES = ["version: STSv1", "mode: enforce", "mx: mx1.good.alpha", "max_age: 604800"]
MX = [[10, "mx1.good.alpha"]]
HOSTER = "127.0.7.1"  # real hosts share it, as customers of one provider do, and are told apart by their SNI
SCRIPTED = "127.0.7.{}"  # a scripted one has an address of its own, from 100 on
SERVERS = {"nginx", "scripted", "closed", "black_hole"}
KEYS = {"server", "behaviour", "address", "cname", "certificate", "body", "lines", "end", "size", "status", "location"}
KEYS |= {"type", "chunked", "reject"}


def read(path, internet):
    """Adds the domains to those of `internet`, off its list, and what belongs to them as `policies` and `https`."""
    described = load(path)
    internet["policies"], internet["https"] = {}, {}
    domains = {name: {**(zone or {}), "zone": (zone or {}).get("zone", {})} for name, zone in described["zones"].items()}
    for name, domain in described["domains"].items():
        if domain.keys() - {"record", "policy", "records", "mx", "zone", "expect"}:
            raise DescriptionError(f"domain {name}: {sorted(domain)} has a word that nobody knows")
        records = list(domain.get("records", []))
        if ".sts." in name or "sts_domain" in domain["expect"] or "mta_sts" in domain["expect"]:
            records += sts_records(domain.get("record", RECORD))
            policy = domain.get("policy", {})
            if policy != "none":
                host = complete(f"mta-sts.{name}", policy, SCRIPTED.format(100 + len(internet["https"])))
                internet["https"][f"mta-sts.{name}"] = host
                rrtype = "AAAA" if ":" in host["address"] else "A"
                target = f"CNAME {host['cname']}." if "cname" in host else f"{rrtype} {host['address']}"
                records.append(f"mta-sts {target}")
        zone = domain.get("zone", {"kind": "within"})
        domains[name] = {"mx": domain.get("mx", MX), "records": records, "zone": zone}
        internet["policies"][name] = domain["expect"]
    for name, domain in domains.items():
        if name in internet["domains"]:
            raise DescriptionError(f"domain {name} is described twice")
        internet["domains"][name] = complete_domain(name, {**domain, "listed": False}, internet["tlds"])


def sts_records(record):
    texts = [record] if isinstance(record, str) else record
    return [f"_mta-sts TXT {quoted(text)}" for text in texts]


def quoted(text):
    pieces = [text] if isinstance(text, str) else text
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)


def complete(name, policy, own_address):
    if policy.keys() - KEYS:
        raise DescriptionError(f"policy host {name}: {sorted(policy.keys() - KEYS)} are words that nobody knows")
    server = policy.get("server", "nginx")
    host = {"server": server, "address": own_address if server == "scripted" else HOSTER, "tls": ["1.2", "1.3"]}
    host |= {"status": 200, "type": "text/plain", "body": body(policy), **policy}
    if server not in SERVERS:
        raise DescriptionError(f"policy host {name}: server is {server}, not one of {sorted(SERVERS)}")
    certificate = host.get("certificate", "good")
    host["certificate"] = {"kind": certificate} if isinstance(certificate, str) else certificate
    return host


def body(policy):
    """The policy file; `size` fills it up with lines that section 3.2 wants ignored."""
    end = policy.get("end", "\r\n")
    text = policy.get("body", "".join(line + end for line in policy.get("lines", LINES)))
    missing = policy.get("size", len(text)) - len(text)
    while missing > 0:
        length = min(missing, 1000) if not 1000 < missing < 1010 else 500
        text += "x-fill: ".ljust(length - len(end), "x") + end
        missing -= length
    return text
