# SPDX-License-Identifier: Apache-2.0
"""The expectations of policies.yaml in the words that a peer has: fewer than ours."""

KINDS = {"sts": "mta_sts", "sts_match": "sts_match", "spf": "spf", "dmarc": "dmarc", "tlsrpt": "tlsrpt"}
UNANSWERED = {"dns_tempfail", "dns_bogus"}


def states(kind, cells):
    return KINDS[kind] in cells


def answer(kind, cells, peer):
    stated = cells[KINDS[kind]]
    if kind == "sts":
        return sts(stated, peer)
    if kind == "sts_match":
        return {host: word != "no_match" for host, word in stated.items()}
    if kind == "spf":
        return ("valid", stated["lookups"]) if "lookups" in stated else validity(stated["outcome"])
    if kind == "dmarc" and "found_at" in stated:
        return ("valid", stated["found_at"])
    return validity(stated["outcome"])


def validity(outcome):
    return "valid" if outcome == "valid" else "not valid"


def sts(stated, peer):
    """Postfix's resolver tells "no policy" from "could not be fetched"; checkdmarc knows valid and not valid."""
    if stated.get("policy", "").startswith("valid_") and stated["fetch"] == "ok":
        return stated["policy"].removeprefix("valid_")
    if peer == "checkdmarc":
        return "not valid"
    return "none" if stated["record"] not in UNANSWERED | {"valid"} else "fetch error"
