# SPDX-License-Identifier: Apache-2.0
"""posttls-finger, Postfix's own client: how far a dialogue comes, whom it trusts, and what DANE says (RFC 7672)."""

import re

from answers import LAB, run, verdict

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


def about_host(name, host):
    state = host["expect"].get("mx_hosts", {}).get("dane_state")
    if state in DANE_SAYS and "tls_probes" in host["expect"] and "1.2" in host["tls"]:
        log = finger("dane", f"[{name}]")
        pattern = DANE_SAYS[state]
        yield verdict("posttls-finger", f"{name} DANE", f"{state} /{pattern}/", log, bool(re.search(pattern, log)))


def about_endpoint(name, address, endpoint, probe):
    # posttls-finger cannot be talked into the SHA-1 signatures of TLS 1.0 and 1.1
    if "tls" not in endpoint or probe.get("version") in {"TLSv1.0", "TLSv1.1"}:
        return
    log = finger("secure", f"[ipv6:{address}]" if ":" in address else f"[{address}]", name)
    pattern = says(endpoint, probe)
    yield verdict("posttls-finger", name, f"{address} /{pattern}/", log, bool(re.search(pattern, log)))


def finger(level, *words):
    return run("posttls-finger", "-c", "-l", level, "-F", LAB / "ca.pem", "-t", "2", "-T", "2", *words)


def says(endpoint, probe):
    """What the client logs when the first stage that fails is the expected one."""
    if endpoint["tcp"] != "open":
        return {"refused": "Connection refused", "timeout": "Connection timed out"}[endpoint["tcp"]]
    if endpoint["greeting"] != "220":
        return {
            "eof": "lost connection while reading server greeting",
            "timeout": "timeout while reading server greeting",
            "not_smtp": "service not available: 0 |lost connection while reading server greeting",
        }.get(endpoint["greeting"], f"service not available: {endpoint.get('greeting_code')} ")
    if endpoint["ehlo"] != "250":
        return {
            "eof": "lost connection while sending EHLO",
            "timeout": "timeout while sending EHLO",
            "malformed": "EHLO rejected: 0 |lost connection while sending EHLO",
            "helo_only": "EHLO rejected: 502 ",
        }.get(endpoint["ehlo"], f"EHLO rejected: {endpoint.get('ehlo_code')} ")
    if endpoint["starttls"] != "offered_220":
        nothing = r"\A\Z"
        return {
            "not_offered": nothing,
            "not_offered_masked": nothing,
            "offered_eof": "lost connection while sending STARTTLS",
            "offered_timeout": "timeout while sending STARTTLS",
            "offered_malformed": "STARTTLS rejected: 0 ",
        }.get(endpoint["starttls"], f"STARTTLS rejected: {endpoint.get('starttls_code')} ")
    if endpoint["tls"] != "ok":
        return {
            "eof": "SSL_connect error.*lost connection",
            "reset": "SSL_connect error.*reset by peer",
            "timeout": "SSL_connect error.*timed out",
            "not_tls": "wrong version number",
            "bad_record": "length mismatch",
        }.get(endpoint["tls"], f"SSL alert number {probe.get('alert')}")
    if probe["pkix"] == "valid" and probe["name_match_mx"] == "mismatch":
        return "(?s)hostname mismatch.*TLS connection established"
    return {
        "valid": "Verified TLS connection established",
        "weak_key": "TLS connection established",
        "weak_signature": "signature digest algorithm too weak",
        "self_signed_leaf": "self-signed certificate",
        "expired_leaf": "server certificate verification failed.*certificate has expired",
        "expired_issuer": "CA certificate verification failed.*certificate has expired",
        "not_yet_valid": "certificate not yet valid",
        "unknown_ca": "untrusted issuer",
        "incomplete_chain": "untrusted issuer",
        "bad_purpose": "not designated for use as a server certificate",
    }[probe["pkix"]]
