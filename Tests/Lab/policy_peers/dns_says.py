# SPDX-License-Identifier: Apache-2.0
"""unbound, asked through dnspython: which names are there, which are only above others, and what cannot be answered."""

import os

import dns.flags
import dns.message
import dns.query
import dns.rcode

NAME = "unbound"
HOST = {"NXDOMAIN": "host_nxdomain", "NOERROR": "host_nodata"}


def ask(name, rrtype):
    """(RCODE, whether there is an answer, whether unbound vouches for it)."""
    query = dns.message.make_query(name, rrtype, want_dnssec=True)
    answer, _ = dns.query.udp_with_fallback(query, os.environ["MXCENSUS_RESOLVER"], timeout=10)
    found = any(rrset.rdtype == dns.rdatatype.from_text(rrtype) for rrset in answer.answer)
    return dns.rcode.to_text(answer.rcode()), found, bool(answer.flags & dns.flags.AD)


def host(name):
    """The word of sts_fetch for a policy host without addresses; None where it has one."""
    answers = [ask(name, rrtype) for rrtype in ("A", "AAAA")]
    if any(found for _, found, _ in answers):
        return None
    words = {HOST.get(code, "host_dns_tempfail") for code, _, _ in answers}
    return words.pop() if len(words) == 1 else "host_dns_tempfail"


def dkim_hint(domain, cells):
    """RFC 8020: a name exists if one below it does. A wildcard makes every name exist, so a neighbour is asked too."""
    code, _, secure = ask(f"_domainkey.{domain}", "TXT")
    outcome = "dns_tempfail"
    if code == "NXDOMAIN":
        outcome = "nxdomain"
    elif code == "NOERROR":
        outcome = "ent_present" if ask(f"_no-such-name.{domain}", "TXT")[0] == "NXDOMAIN" else "nodata_wildcard"
    return {"outcome": outcome, **({"dnssec": "secure"} if secure and "dnssec" in cells["dkim_hint"] else {})}


def security(domain, cells):
    owners = {"spf": domain, "dmarc": f"_dmarc.{domain}", "tlsrpt": f"_smtp._tls.{domain}"}
    stated = {kind: cells[kind]["dnssec"] for kind in owners if "dnssec" in cells.get(kind, {})}
    return {kind: "secure" if ask(owners[kind], "TXT")[2] else "not vouched for" for kind in stated}


def record(domain, cells):
    code, _, _ = ask(f"_mta-sts.{domain}", "TXT")
    return "answered" if code in {"NOERROR", "NXDOMAIN"} else "not answered"


ASK = {"dkim_hint": dkim_hint, "security": security, "record": record}
