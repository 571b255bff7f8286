# SPDX-License-Identifier: Apache-2.0
"""unbound-host and delv validate by themselves, from the lab's trust anchor down (RFC 4035 section 4.3)."""

import os
import re

from answers import LAB, run, verdict

ANCHOR = LAB / "peers.anchor"
SHAPES = {"mail is handled by": "noerror_data", "has no mail handler": "noerror_nodata", "NXDOMAIN": "nxdomain"}


def about_domain(name, domain):
    expect = domain["expect"]
    if "dns_mx_outcome" not in expect:
        return
    answer = unbound_host(name, "MX")
    security = expect.get("dns_mx_dnssec", "indeterminate")
    yield verdict("unbound-host", name, security, security_of(answer))
    yield verdict("delv", name, "unanswered" if security in {"bogus", "indeterminate"} else security, delv(name))
    if expect["dns_mx_outcome"] in SHAPES.values():
        seen = next((word for text, word in SHAPES.items() if text in answer), answer)
        yield verdict("unbound-host", name, expect["dns_mx_outcome"], seen)


def about_host(name, host, addresses):
    """Appends to `addresses` what the name has."""
    expect = host["expect"].get("mx_hosts", {})
    for rrtype, family, described in (("A", "v4", host["v4"]), ("AAAA", "v6", host["v6"])):
        if f"address_{family}_outcome" not in expect:
            continue
        answer = unbound_host(name, rrtype)
        outcome, security = expect[f"address_{family}_outcome"], expect.get(f"addr_dnssec_{family}")
        if security:
            yield verdict("unbound-host", f"{name} {rrtype}", security, security_of(answer))
        yield verdict("unbound-host", f"{name} {rrtype}", outcome, address_outcome(answer))
        if outcome == "resolved":
            addresses += re.findall(r"has (?:IPv6 )?address (\S+)", answer)
        if outcome == "resolved" and described:
            found = [address for address in described if address in addresses]
            yield verdict("unbound-host", f"{name} {rrtype}", described, found)
        if "expanded_name" in expect and outcome == "resolved":
            aliases = re.findall(r"is an alias for (\S+)\. ", answer)
            yield verdict("unbound-host", f"{name} {rrtype}", expect["expanded_name"], (aliases or [name])[-1])
    if expect.get("tlsa_dnssec") in {"secure", "insecure", "bogus"}:
        owner = f"_25._tcp.{expect['tlsa_base'] or name}"
        yield verdict("unbound-host", f"{owner} TLSA", expect["tlsa_dnssec"], security_of(unbound_host(owner, "TLSA")))


def unbound_host(name, rrtype):
    return run("unbound-host", "-r", "-v", "-f", LAB / "root.key", "-t", rrtype, name)


def security_of(answer):
    """The weakest link of the answer: every line of unbound-host says it of its records."""
    words = {"(BOGUS": "bogus", "(error)": "indeterminate", "(insecure)": "insecure", "(secure)": "secure"}
    for text, word in words.items():
        if text in answer:
            return word
    return answer


def address_outcome(answer):
    for text, word in {
        "(BOGUS": "bogus",
        "(error)": "dns_tempfail",
        "NXDOMAIN": "nxdomain",
        "has no": "nodata",
        "address ": "resolved",
    }.items():
        if text in answer:
            return word
    return answer


def write_anchor():
    """BIND wants the trust anchor in words of its own."""
    keys = [line.split() for line in (LAB / "root.key").read_text(encoding="utf-8").splitlines()]
    lines = [f'trust-anchors {{ . static-key {" ".join(key[4:7])} "{"".join(key[7:])}"; }};' for key in keys]
    ANCHOR.write_text("\n".join(lines) + "\n", encoding="utf-8")


def delv(name):
    answer = run("delv", "-a", ANCHOR, "+root=.", "@" + os.environ["MXCENSUS_RESOLVER"], name, "MX")
    words = {"unsigned answer": "insecure", "fully validated": "secure", "resolution failed": "unanswered"}
    for text, word in words.items():
        if text in answer:
            return word
    return answer
