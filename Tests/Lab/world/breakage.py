# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in a zone after it was signed, one function a fault.

Those that concern one RRset take it from `rrset: "owner TYPE"`, owner relative to the zone; the apex MX if unsaid.
"""

import ipaddress


def apply(kind, path, name, zone):
    """Breaks the signed zone file in the way its kind names."""
    fault = {
        "altered": altered,
        "missing_rrsig": missing_rrsig,
        "missing_nsec": missing_nsec,
        "stripped": stripped,
    }.get(kind)
    if fault is None:
        return
    owner, rrtype = zone.get("rrset", "@ MX").split()
    owner = f"{name}." if owner == "@" else f"{owner}.{name}."
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = fault(lines, owner, rrtype)
    if changed == lines:
        raise RuntimeError(f"zone {name}: {kind} changed nothing ({owner} {rrtype})")
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def ds(kind, line):
    """The DS that the parent publishes: owner TTL IN DS tag algorithm type digest."""
    head, (tag, algorithm, digest_type, digest) = line.rsplit(" ", 4)[0], line.rsplit(" ", 4)[1:]
    if kind == "wrong_ds":
        digest = digest[::-1]
    if kind == "unsupported_algorithm":
        algorithm = "200"
    if kind == "unsupported_digest":
        digest_type = "200"
    return " ".join([head, tag, algorithm, digest_type, digest])


def altered(lines, owner, rrtype):
    """The data differ from what was signed, as after tampering on the way."""
    return [with_other_data(line, rrtype) if is_of(line, owner, rrtype) else line for line in lines]


def missing_rrsig(lines, owner, rrtype):
    return [line for line in lines if not (is_of(line, owner, "RRSIG") and line.split()[4] == rrtype)]


def missing_nsec(lines, owner, rrtype):
    denial = {"NSEC", "NSEC3"}
    return [
        line
        for line in lines
        if not (field(line, 3) in denial or field(line, 3) == "RRSIG" and field(line, 4) in denial)
    ]


def stripped(lines, owner, rrtype):
    """All of DNSSEC is gone but for the DS in the parent."""
    return [line for line in lines if field(line, 3) not in {"DNSKEY", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM"}]


def is_of(line, owner, rrtype):
    return field(line, 0) == owner and field(line, 3) == rrtype


def field(line, index):
    words = line.split()
    return words[index] if len(words) > index else None


def with_other_data(line, rrtype):
    words = line.split()
    if rrtype == "MX":
        words[4] = str(int(words[4]) + 1)
    elif rrtype in {"A", "AAAA"}:
        words[4] = str(ipaddress.ip_address(words[4]) + 1)
    elif rrtype == "TLSA":
        words[7] = words[7][::-1]
    else:
        raise RuntimeError(f"no way is known to alter a {rrtype} record")
    return " ".join(words)
