# SPDX-License-Identifier: Apache-2.0
"""checkdmarc: MTA-STS, the match of MX hosts, SPF, DMARC and TLS-RPT."""

import logging
import os

from checkdmarc import dmarc, mta_sts, smtp_tls_reporting, spf

NAME = "checkdmarc"
RESOLVER = {"nameservers": [os.environ["MXCENSUS_RESOLVER"]], "retries": 0, "timeout": 10}
SECONDS = 20  # of silence; what drips is never given up

logging.getLogger("checkdmarc").setLevel(logging.CRITICAL)


def policy(domain):
    """What check_mta_sts does, but with time for a busy machine; None where it finds none."""
    try:
        mta_sts.parse_mta_sts_record(mta_sts.query_mta_sts_record(domain, **RESOLVER)["record"])
        file = mta_sts.download_mta_sts_policy(domain, http_timeout=SECONDS)["policy"]
        return mta_sts.parse_mta_sts_policy(file)["policy"]
    except mta_sts.MTASTSError:
        return None


def sts(domain, _cells):
    found = policy(domain)
    return found["mode"] if found else "not valid"


def sts_match(domain, cells):
    found = policy(domain)
    return {host: mta_sts.mx_in_mta_sts_patterns(host, found["mx"]) for host in cells["sts_match"]} if found else None


def validity(said):
    return "valid" if said["valid"] else "not valid"


def spf_tree(domain, cells):
    said = spf.check_spf(domain, **RESOLVER)
    return ("valid", said["dns_lookups"]) if said["valid"] and "lookups" in cells["spf"] else validity(said)


def dmarc_record(domain, cells):
    said = dmarc.check_dmarc(domain, **RESOLVER)
    if said["valid"] and "found_at" in cells["dmarc"]:
        return ("valid", "self" if said["location"] == domain else "org")
    return validity(said)


def tlsrpt(domain, _cells):
    return validity(smtp_tls_reporting.check_smtp_tls_reporting(domain, **RESOLVER))


ASK = {"sts": sts, "sts_match": sts_match, "spf": spf_tree, "dmarc": dmarc_record, "tlsrpt": tlsrpt}
