# SPDX-License-Identifier: Apache-2.0
"""Zone files from the description: who is delegated where, with which DS, and what breaks after the signing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import breakage
import signing
from description import DescriptionError

ROOT_SERVER = "127.0.0.10"
TLD_SERVER = "127.0.0.11"
DOMAIN_SERVER = "127.0.0.12"
# A domain below another domain has a server of its own: unbound takes an unsigned answer from the server of the signed
# zone above it for a stripped one ("DNSSEC lame"), and never comes to see the delegation.
SUBDOMAIN_SERVER = "127.0.0.14"
NOBODY = "127.0.0.13"  # nothing listens here: the kernel refuses

# Kinds of zone that no server holds; the name servers refuse to answer for a lame one.
WITHOUT_ZONE = {"nxdomain", "lame", "unreachable", "within"}
WITHOUT_DS = {"insecure", "island", "lame", "unreachable"}

HEAD = """\
$ORIGIN {origin}
$TTL 300
@ SOA {server} hostmaster.nic.{tld} 1 3600 600 604800 60
@ NS {server}
"""


def write(internet, certificates, directory):
    """Writes every zone below `directory`; returns {server address: [zone names]} and the root's DNSKEY and DS."""
    directory = Path(directory)
    zones = {**{name: {"zone": tld} for name, tld in internet["tlds"].items()}, **internet["domains"]}
    content = {name: [] for name in ["", *zones]}
    insecure = {name: [] for name in ["", *zones]}
    for name, tld in internet["tlds"].items():
        content[name] = [f"ns.nic.{name}. A {TLD_SERVER}", f"ns.dns.{name}. A {DOMAIN_SERVER}"]
        content[name] += [f"ns.sub.{name}. A {SUBDOMAIN_SERVER}", f"ns.gone.{name}. A {NOBODY}"]
        content[""].append(f"ns.nic.{name}. A {TLD_SERVER}")
    content[""].append(f"ns.root. A {ROOT_SERVER}")
    for name, domain in internet["domains"].items():
        content[holder(name, zones, itself=True)] += domain_records(name, domain)
    for name, host in internet["hosts"].items():
        content[holder(name, zones, itself=True)] += host_records(name, host, certificates)

    # Children before parents, since a parent carries its children's DS. Siblings do not wait for each other.
    by_depth = {}
    for name in zones:
        by_depth.setdefault(name.count("."), []).append(name)
    for depth in sorted(by_depth, reverse=True):
        with ThreadPoolExecutor(4) as pool:
            made = pool.map(
                lambda name: make_zone(name, zones[name]["zone"], content[name], insecure[name], directory),
                by_depth[depth],
            )
            for name, (delegation, ds) in zip(by_depth[depth], made):
                (content if ds else insecure)[holder(name, zones, itself=False)] += delegation + ds
    anchor = make_root(content[""] + insecure[""], directory)
    return served(zones), anchor


def holder(name, zones, itself):
    """The zone that holds a name's records: the longest described zone that ends it, "" for the root."""
    labels = name.split(".")
    for cut in range(0 if itself else 1, len(labels)):
        zone = ".".join(labels[cut:])
        if zone in zones and zones[zone]["zone"]["kind"] not in WITHOUT_ZONE:
            return zone
    return ""


def domain_records(name, domain):
    if domain["zone"]["kind"] in WITHOUT_ZONE - {"within"}:
        if domain["mx"] or domain["records"]:
            raise DescriptionError(f"domain {name}: a zone of kind {domain['zone']['kind']} has no records")
        return []
    records = [f"{name}. MX {preference} {absolute(target)}" for preference, target in domain["mx"]]
    return records + [f"$ORIGIN {name}.", *domain["records"]]


def absolute(target):
    return target if target.endswith(".") else target + "."


def host_records(name, host, certificates):
    records = [f"{name}. A {address}" for address in host["v4"]] + [f"{name}. AAAA {address}" for address in host["v6"]]
    ports = {25: host["tlsa"], **host["other_tlsa"]}
    return records + [
        f"_{port}._tcp.{name}. TLSA {certificates.tlsa(name, words)}" for port in ports for words in ports[port]]


def make_zone(name, zone, records, insecure, directory):
    """Writes one zone and returns what its parent says about it: the NS records and the DS."""
    kind = zone["kind"]
    tld = name.rsplit(".", 1)[-1]
    if kind in {"nxdomain", "within"}:
        return [], []
    server = f"{['ns.nic', 'ns.dns', 'ns.sub'][min(name.count('.'), 2)]}.{tld}."
    delegation = [f"{name}. NS ns.gone.{tld}." if kind == "unreachable" else f"{name}. NS {server}"]
    if kind in WITHOUT_ZONE:
        return delegation, []
    # Below opt-out, insecure delegations have neither NSEC3 nor signature (RFC 5155 section 6), so they come after
    # the signing; ldns-signzone would give each an NSEC3 of its own.
    afterwards = insecure if zone.get("denial") == "nsec3-optout" else []
    before = records if afterwards else records + insecure
    path = directory / f"{name}.zone"
    text = HEAD.format(origin=name + ".", server=server, tld=tld + ".")
    path.write_text(text + "\n".join(before) + "\n", encoding="utf-8")
    ds = []
    if kind != "insecure":
        ds = signing.sign(path, name + ".", zone, split_keys=name == tld)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in afterwards)
        breakage.apply(kind, path, name, zone)
    return delegation, [] if kind in WITHOUT_DS else [breakage.ds(kind, line) for line in ds]


def make_root(records, directory):
    path = directory / "root.zone"
    text = HEAD.format(origin=".", server="ns.root.", tld="root.")
    path.write_text(text + "\n".join(records) + "\n", encoding="utf-8")
    ds = signing.sign(path, ".", {"kind": "secure"}, split_keys=True)
    return {"ds": ds, "dnskey": signing.secure_entry_points(path)}


def served(zones):
    held = [name for name, zone in zones.items() if zone["zone"]["kind"] not in WITHOUT_ZONE]
    return {
        ROOT_SERVER: ["."],
        TLD_SERVER: [name for name in held if "." not in name],
        DOMAIN_SERVER: [name for name in held if name.count(".") == 1],
        SUBDOMAIN_SERVER: [name for name in held if name.count(".") > 1],
    }
