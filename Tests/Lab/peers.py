# SPDX-License-Identifier: Apache-2.0
"""Are the expectations of internet.yaml true? Asks programs that are not ours: lab.sh /usr/bin/python3 peers.py

unbound-host and delv validate every name, openssl and posttls-finger talk to every address. Each disagreement is
printed, and each case in which a peer is known to be no judge, with the reason; then `N passed, N failed`.
"""
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LAB = Path(os.environ["MXCENSUS_LAB"])
ANCHOR = LAB / "peers.anchor"

NO_JUDGE = {   # (peer, name or server word): why it is not asked, or not believed
    ("unbound-host", "ed448.alpha"): "Debian builds libunbound on nettle, which has no Ed448",
    ("delv", "nothere.alpha"): "BIND calls a name below an opt-out span proven; RFC 5155 section 9.2 does not",
    ("posttls-finger", "mx.first-line.beta"): "Postfix takes the keyword from the first line of the EHLO reply too",
    ("posttls-finger", "mx.injection.beta"): "Postfix drops what follows the 220, and waits for TLS",
    ("openssl", "mx.greeting-split.beta"): "s_client takes one read for a reply, and begins TLS too early",
    ("posttls-finger", "mx.mute-in-tls.alpha"): "Postfix looks at the connection no more once the handshake has ended",
}
SHAPES = {"mail is handled by": "noerror_data", "has no mail handler": "noerror_nodata", "NXDOMAIN": "nxdomain"}


WITHOUT_DANE = r"(?s)\A(?!.*DANE).*TLS connection established"
DANE_SAYS = {  # what Postfix's client logs where TLSA records decide, and where they are not looked at
    "match_ee": "Matched DANE EE certificate at depth 0",
    "match_ta": "Matched DANE TA certificate at depth [1-9]",
    "mismatch": "no matching DANE TLSA records",
    "ta_name_mismatch": "hostname mismatch",
    "ta_chain_absent_or_expired": "no matching DANE TLSA records|certificate not yet valid",
    "unusable": "(?s)unsupported TLSA certificate usage.*TLS connection established",
    "tempfail": "TLSA lookup error",
    "absent_secure": WITHOUT_DANE,
    "tlsa_insecure": WITHOUT_DANE,
    "insecure_address": WITHOUT_DANE,
}


def main():
    internet = json.loads((LAB / "internet.json").read_text(encoding="utf-8"))
    write_anchor()
    with ThreadPoolExecutor(4) as pool:
        domains = pool.map(lambda item: list(about_domain(*item)), internet["domains"].items())
        hosts = pool.map(lambda item: list(about_host(*item)), internet["hosts"].items())
        answers = [answer for group in (*domains, *hosts) for answer in group]
    skipped = {(answer["peer"], answer["name"]) for answer in answers} & NO_JUDGE.keys()
    for peer, name in sorted(skipped):
        print(f"skipped  {peer} {name}: {NO_JUDGE[peer, name]}")
    judged = [answer for answer in answers if (answer["peer"], answer["name"]) not in skipped]
    failed = [answer for answer in judged if not answer["agrees"]]
    for answer in failed:
        seen = str(answer["seen"]).strip().replace("\n", " | ")[:300]
        print("DISAGREE {peer} {name}: expected {expected}, the peer says: ".format(**answer) + seen)
    print(f"{len(judged) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def verdict(peer, name, expected, seen, agrees=None):
    return {"peer": peer, "name": name, "expected": expected, "seen": seen,
            "agrees": expected == seen if agrees is None else agrees}


def run(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=30, check=False)
    return done.stdout.decode("utf-8", "replace")


# Names: RFC 4035 section 4.3 as others understand it

def about_domain(name, domain):
    expect = domain["expect"]
    answer = unbound_host(name, "MX")
    security = "indeterminate" if "dns_mx_dnssec" not in expect else expect["dns_mx_dnssec"]
    yield verdict("unbound-host", name, security, security_of(answer))
    yield verdict("delv", name, "unanswered" if security in {"bogus", "indeterminate"} else security, delv(name))
    if expect["dns_mx_outcome"] in SHAPES.values():
        seen = next((word for text, word in SHAPES.items() if text in answer), answer)
        yield verdict("unbound-host", name, expect["dns_mx_outcome"], seen)


def unbound_host(name, rrtype):
    return run("unbound-host", "-r", "-v", "-f", LAB / "root.key", "-t", rrtype, name)


def security_of(answer):
    """The weakest link of the answer: every line of unbound-host says it of its records."""
    words = {"(BOGUS": "bogus", "(error)": "indeterminate", "(insecure)": "insecure", "(secure)": "secure"}
    for text, word in words.items():
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


# Hosts: their names, then each address

def about_host(name, host):
    expect = host["expect"].get("mx_hosts", {})
    addresses = []
    for rrtype, family, described in (("A", "v4", host["v4"]), ("AAAA", "v6", host["v6"])):
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
    if expect.get("dane_state") in DANE_SAYS and "tls_probes" in host["expect"] and "1.2" in host["tls"]:
        yield ask_postfix_for_dane(name, expect["dane_state"])
    for address in addresses:
        yield from about_endpoint(name, address, *(of_address(host["expect"].get(table), address)
                                                   for table in ("endpoints", "tls_probes")))


def of_address(cells, address):
    """`endpoints` and `tls_probes` hold for all addresses, or are keyed by address."""
    return cells.get(address, {}) if cells and any(isinstance(value, dict) for value in cells.values()) else cells or {}


def address_outcome(answer):
    for text, word in {"(BOGUS": "bogus", "(error)": "dns_tempfail", "NXDOMAIN": "nxdomain", "has no": "nodata",
                       "address ": "resolved"}.items():
        if text in answer:
            return word
    return answer


def about_endpoint(name, address, endpoint, probe):
    # posttls-finger cannot be talked into the SHA-1 signatures of TLS 1.0 and 1.1
    if endpoint and probe.get("version") not in {"TLSv1.0", "TLSv1.1"}:
        yield ask_postfix(name, address, endpoint, probe)
    if "alert" in probe or probe.get("outcome") == "ok":
        yield from ask_openssl(name, address, probe)


def ask_postfix(name, address, endpoint, probe):
    target = f"[ipv6:{address}]" if ":" in address else f"[{address}]"
    log = run("posttls-finger", "-c", "-l", "secure", "-F", LAB / "ca.pem", "-t", "2", "-T", "2", target, name)
    pattern = postfix_says(endpoint, probe)
    return verdict("posttls-finger", name, f"{address} /{pattern}/", log, bool(re.search(pattern, log)))


def ask_postfix_for_dane(name, state):
    log = run("posttls-finger", "-c", "-l", "dane", "-F", LAB / "ca.pem", "-t", "2", "-T", "2", f"[{name}]")
    pattern = DANE_SAYS[state]
    return verdict("posttls-finger", f"{name} DANE", f"{state} /{pattern}/", log, bool(re.search(pattern, log)))


def ask_openssl(name, address, probe):
    target = f"[{address}]:25" if ":" in address else f"{address}:25"
    log = run("openssl", "s_client", "-starttls", "smtp", "-connect", target, "-servername", name,
              "-verify_hostname", name, "-CAfile", LAB / "ca.pem", "-auth_level", "2",
              "-cipher", "ALL:@SECLEVEL=0", "-min_protocol", "TLSv1", *(["-ign_eof"] if "alert" in probe else []))
    if "alert" in probe:
        yield verdict("openssl", name, str(probe["alert"]), first(r"SSL alert number (\d+)", log))
        return
    version = first(r"^ *Protocol *: (\S+)", log) or first(r"New, (TLSv1\.3)", log)
    yield verdict("openssl", name, probe["version"].removesuffix(".0"), version)
    code = first(r"Verify return code: (\d+)", log)
    yield verdict("openssl", name, f"{address} verify code {openssl_says(probe)}", code, code in openssl_says(probe))


def first(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found and found[1]


def postfix_says(endpoint, probe):
    """What Postfix's client logs when the first stage that fails is the expected one."""
    if endpoint["tcp"] != "open":
        return {"refused": "Connection refused", "timeout": "Connection timed out"}[endpoint["tcp"]]
    if endpoint["greeting"] != "220":
        return {"eof": "lost connection while reading server greeting",
                "timeout": "timeout while reading server greeting",
                "not_smtp": "service not available: 0 |lost connection while reading server greeting",
                }.get(endpoint["greeting"], f"service not available: {endpoint.get('greeting_code')} ")
    if endpoint["ehlo"] != "250":
        return {"eof": "lost connection while sending EHLO", "timeout": "timeout while sending EHLO",
                "malformed": "EHLO rejected: 0 |lost connection while sending EHLO", "helo_only": "EHLO rejected: 502 ",
                }.get(endpoint["ehlo"], f"EHLO rejected: {endpoint.get('ehlo_code')} ")
    if endpoint["starttls"] != "offered_220":
        return {"not_offered": r"\A\Z", "not_offered_masked": r"\A\Z",   # with nothing to log
                "offered_eof": "lost connection while sending STARTTLS",
                "offered_timeout": "timeout while sending STARTTLS", "offered_malformed": "STARTTLS rejected: 0 ",
                }.get(endpoint["starttls"], f"STARTTLS rejected: {endpoint.get('starttls_code')} ")
    if endpoint["tls"] != "ok":
        return {"eof": "SSL_connect error.*lost connection", "reset": "SSL_connect error.*reset by peer",
                "timeout": "SSL_connect error.*timed out", "not_tls": "wrong version number",
                "bad_record": "length mismatch",
                }.get(endpoint["tls"], f"SSL alert number {probe.get('alert')}")
    if probe["pkix"] == "valid" and probe["name_match_mx"] == "mismatch":
        return "(?s)hostname mismatch.*TLS connection established"
    return {"valid": "Verified TLS connection established", "weak_key": "TLS connection established",
            "weak_signature": "signature digest algorithm too weak", "self_signed_leaf": "self-signed certificate",
            "expired_leaf": "server certificate verification failed.*certificate has expired",
            "expired_issuer": "CA certificate verification failed.*certificate has expired",
            "not_yet_valid": "certificate not yet valid", "unknown_ca": "untrusted issuer",
            "incomplete_chain": "untrusted issuer", "bad_purpose": "not designated for use as a server certificate",
            }[probe["pkix"]]


def openssl_says(probe):
    """The codes of X509_verify_cert(3) that fit. OpenSSL takes the common name where there is no DNS name."""
    if probe["pkix"] == "valid":
        return ["62"] if probe["name_match_mx"] == "mismatch" else ["0"]
    return {"self_signed_leaf": ["18"], "expired_leaf": ["10"], "expired_issuer": ["10"], "not_yet_valid": ["9"],
            "unknown_ca": ["20", "21"], "incomplete_chain": ["20", "21"], "weak_key": ["66"], "weak_signature": ["68"],
            "bad_purpose": ["26"]}[probe["pkix"]]


if __name__ == "__main__":
    sys.exit(main())
