# SPDX-License-Identifier: Apache-2.0
"""The expectations of policies.yaml in the words that a peer has: fewer than ours."""

PUBLISHED = ("spf", "dmarc", "tlsrpt")
KINDS = {"fetch": "mta_sts", "record": "mta_sts", "dkim_hint": "dkim_hint"}
KINDS |= {"sts": "mta_sts", "sts_match": "sts_match", "spf": "spf", "dmarc": "dmarc", "tlsrpt": "tlsrpt"}
UNANSWERED = {"dns_tempfail", "dns_bogus"}


def states(kind, cells):
    if kind == "fetch":
        return cells.get("mta_sts", {}).get("fetch", "not_reached") != "not_reached"
    if kind == "security":
        return any("dnssec" in cells.get(published, {}) for published in PUBLISHED)
    return KINDS[kind] in cells


def answer(kind, cells, peer):
    if kind == "security":
        return {k: cells[k]["dnssec"] for k in PUBLISHED if "dnssec" in cells.get(k, {})}
    stated = cells[KINDS[kind]]
    if kind == "fetch":
        return stated["fetch"]
    if kind == "record":
        return "not answered" if stated["record"] in UNANSWERED else "answered"
    if kind == "dkim_hint":
        return stated
    if kind == "sts":
        return sts(stated, peer)
    if kind == "sts_match":
        return {host: word != "no_match" for host, word in stated.items()}
    if kind == "spf":
        return ("valid", stated["lookups"]) if "lookups" in stated else validity(stated["outcome"])
    if kind == "dmarc" and "found_at" in stated and stated["outcome"] == "valid":
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
