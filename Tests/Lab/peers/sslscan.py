# SPDX-License-Identifier: Apache-2.0
"""sslscan asks for each version with hellos of its own, SSLv3 included, and goes through RC4 and 3DES by hand."""

import re

from answers import run, socket_name, verdict

NAMES = {"SSLv3": "ssl3", "TLSv1.0": "1.0", "TLSv1.1": "1.1", "TLSv1.2": "1.2", "TLSv1.3": "1.3"}
VERSIONS_ONLY = ["--no-ciphersuites", "--no-groups", "--no-check-certificate"]


def about_versions(name, address, host):
    hellos = host["expect"].get("hellos", {})
    names_suites = any("cipher" in cells for cells in hellos.values())
    log = scan(name, address, *([] if names_suites else VERSIONS_ONLY))
    enabled = [NAMES[version] for version in re.findall(r"^(SSLv3|TLSv1\.\d) +enabled", log, re.MULTILINE)]
    yield verdict("sslscan", name, host["tls"], enabled)
    for profile, cells in hellos.items():
        if "cipher" in cells:
            pattern = rf"{cells['version']} +\d+ bits +{cells['cipher']}\s"
            yield verdict("sslscan", name, f"{profile} /{pattern}/", log, bool(re.search(pattern, log)))


def scan(name, address, *options):
    return run(
        *("sslscan", "--no-colour", "--no-cipher-details", "--no-renegotiation", "--no-heartbleed", "--no-compression"),
        *("--no-fallback", "--starttls-smtp", f"--sni-name={name}", *options, socket_name(address)),
    )
