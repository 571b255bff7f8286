# SPDX-License-Identifier: Apache-2.0
"""openssl: `s_client` for the handshake and for each version by itself, `verify` for the chain that was presented."""

import re
import tempfile
from pathlib import Path

from answers import LAB, first, run, socket_name, verdict

VERSION_OPTION = {"1.0": "-tls1", "1.1": "-tls1_1", "1.2": "-tls1_2", "1.3": "-tls1_3"}


def about_endpoint(name, address, probe):
    if "alert" in probe:
        log = client(name, address, "-min_protocol", "TLSv1", "-ign_eof")
        yield verdict("openssl", name, str(probe["alert"]), first(r"SSL alert number (\d+)", log))
    elif probe.get("outcome") == "ok":
        yield from handshake(name, address, probe)


def client(name, address, *options):
    return run(
        *("openssl", "s_client", "-starttls", "smtp", "-connect", socket_name(address), "-servername", name),
        *("-verify_hostname", name, "-CAfile", LAB / "ca.pem", "-auth_level", "2", "-cipher", "ALL:@SECLEVEL=0"),
        *options,
    )


def handshake(name, address, probe):
    log = client(name, address, "-min_protocol", "TLSv1", "-showcerts")
    version = first(r"^ *Protocol *: (\S+)", log) or first(r"New, (TLSv1\.3)", log)
    yield verdict("openssl", name, probe["version"].removesuffix(".0"), version)
    code = first(r"Verify return code: (\d+)", log)
    expected = says(probe)
    yield verdict("openssl", name, f"{address} verify code {expected}", code, code in expected)
    chain = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", log, re.DOTALL)
    code = verify(name, chain) if chain else None
    yield verdict("openssl verify", name, f"{address} verify code {expected}", code, code in expected)


def verify(name, chain):
    """The number of the first thing that is wrong with a chain, leaf first; "0" if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        leaf, rest = Path(folder, "leaf.pem"), Path(folder, "rest.pem")
        leaf.write_text(chain[0], encoding="ascii")
        rest.write_text("".join(chain[1:]), encoding="ascii")
        log = run(
            *("openssl", "verify", "-purpose", "sslserver", "-auth_level", "2", "-verify_hostname", name),
            *("-CAfile", LAB / "ca.pem", *(["-untrusted", rest] if chain[1:] else []), leaf),
        )
    return first(r"^error (\d+) at", log) or ("0" if log.rstrip().endswith(": OK") else log)


def says(probe):
    """The codes of X509_verify_cert(3) that fit. OpenSSL takes the common name where there is no DNS name."""
    if probe["pkix"] == "valid":
        return ["62"] if probe["name_match_mx"] == "mismatch" else ["0"]
    return {
        "self_signed_leaf": ["18"],
        "expired_leaf": ["10"],
        "expired_issuer": ["10"],
        "not_yet_valid": ["9"],
        "unknown_ca": ["20", "21"],
        "incomplete_chain": ["20", "21"],
        "weak_key": ["66"],
        "weak_signature": ["68"],
        "bad_purpose": ["26"],
    }[probe["pkix"]]


def about_versions(name, address, host):
    """Each version alone: taken where the host is described with it, refused where it is not."""
    taken = []
    for version, option in VERSION_OPTION.items():
        log = client(name, address, option)
        if re.search(r"^New, (TLS|SSL)v", log, re.MULTILINE):
            taken.append(version)
    yield verdict("openssl versions", name, sorted(set(host["tls"]) & set(VERSION_OPTION)), taken)
