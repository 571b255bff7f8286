# SPDX-License-Identifier: Apache-2.0
"""checkdmarc: MTA-STS, the match of MX hosts, SPF, DMARC and TLS-RPT."""

import logging
import os

from checkdmarc import dmarc, mta_sts, smtp_tls_reporting, spf

NAME = "checkdmarc"
RESOLVER = {"nameservers": [os.environ["MXCENSUS_RESOLVER"]], "retries": 0, "timeout": 5}

logging.getLogger("checkdmarc").setLevel(logging.CRITICAL)


def sts(domain, _cells):
    said = mta_sts.check_mta_sts(domain, **RESOLVER)
    return said["policy"]["mode"] if said["valid"] else "not valid"


def sts_match(domain, cells):
    said = mta_sts.check_mta_sts(domain, **RESOLVER)
    return {host: mta_sts.mx_in_mta_sts_patterns(host, said["policy"]["mx"]) for host in cells["sts_match"]}


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
