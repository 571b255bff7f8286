# SPDX-License-Identifier: Apache-2.0
"""Differences that are meant, each with its reason."""

import base64
import collections
import re

import wire
from message import Message


def explanation(ours, theirs, case):
    """The reason why the two differ, or None. `ours` and `theirs` are (security, kind)."""
    return next((reason for reason, fits in REASONS.items() if fits(ours, theirs, case)), None)


def colliding_keys(ours, theirs, case):
    return ours[0] == "indeterminate" and "keys with the tag" in case["reason"]


def right_key_among_many(ours, theirs, case):
    """One of more than four keys of a tag is in the DS."""
    tags = collections.Counter()
    for exchange in case["exchanges"]:
        if exchange["type"] == "DNSKEY":
            records = Message(base64.b64decode(exchange["wire"])).answer
            tags.update((r.owner, wire.key_tag(r.rdata)) for r in records if r.type == wire.TYPES["DNSKEY"])
    return theirs[0] == "bogus" and max(tags.values(), default=0) > 4


def question_on_the_way(ours, theirs, case):
    return ours[0] == "indeterminate" and "no answer to" in case["reason"] and theirs[0] == "bogus"


def revoked_key(ours, theirs, case):
    return ours[0] == "bogus" and "is revoked" in case["reason"]


def target_of_a_cname(ours, theirs, case):
    return case["query"]["type"] == "CNAME" and ours[1] == "noerror_data"


def sha1_beside_better(ours, theirs, case):
    two_digests = any(re.search(r"'digests': \[1, ", line) for line in case["story"] + case["story_elsewhere"])
    return ours[0] == "bogus" and "matches the DS records" in case["reason"] and two_digests


def only_the_referral_was_right(ours, theirs, case):
    no_proof = case["reason"].endswith("has no DS") or "DS: servfail" in case["reason"]
    return tampered(case) and ours[0] != "insecure" and theirs[0] == "insecure" and no_proof


def tampered(case):
    return any(not line.endswith("manner None") for line in case["story"] + case["story_elsewhere"])


def beside_the_answer(ours, theirs, case):
    manner = case["story"][-1].rsplit(" ", 1)[1] if case["story"] else ""
    beside = ["unsigned_authority", "more_proofs", "other_answer"]
    if ours[1] == "noerror_data":
        beside.append("other_proof")  # whatever absence it speaks of
    return manner in beside and (ours[0], theirs[0]) == ("secure", "bogus")


def wildcard_above_the_zone(ours, theirs, case):
    outside = r"\*\S* NSEC3? lies outside of the zone" if "wrong_labels" in str(case["story"]) else "$^"
    wildcard = rf"(NSEC3?|SOA) (counts \d+ labels|was expanded from a wildcard)|{outside}"
    return ours[0] == "bogus" and re.search(wildcard, case["reason"])


def gap_that_wraps(ours, theirs, case):
    return ours[0] == "bogus" and "lying_next" in str(case["story"][-1:]) and "does not prove" in case["reason"]


def response(case):
    """What the resolver handed out under CD, after the questions on the way; None for nothing."""
    asked = (case["query"]["name"], case["query"]["type"])
    wires = [exchange["wire"] for exchange in case["exchanges"] if (exchange["name"], exchange["type"]) == asked]
    return Message(base64.b64decode(wires[0])) if wires else None


def authority(case):
    message = response(case)
    return message.authority if message else []


def proven_meanwhile(ours, theirs, case):
    message = response(case)
    return (ours[0], theirs[0]) == ("secure", "bogus") and message is not None and message.is_authenticated()


def wildcard_in_plain_sight(ours, theirs, case):
    owners = [record.owner for record in authority(case) if record.type == wire.TYPES["NSEC"]]
    hit = any(owner.startswith("*.") and wire.is_below(case["query"]["name"], owner[2:]) for owner in owners)
    return hit and ours[0] == "bogus" and theirs == ("secure", "nxdomain") and "does not exist" in case["reason"]


def wildcard_not_shown(ours, theirs, case):
    lost = "denial_missing" in str(case["story"][-1:]) or "one_denial_missing" in str(case["story"][-1:])
    return lost and ours[0] == "bogus" and theirs == ("secure", "noerror_nodata") and "does not prove" in case["reason"]


def rcode_against_proof(ours, theirs, case):
    proof = any(record.type in (wire.TYPES["NSEC"], wire.TYPES["NSEC3"]) for record in authority(case))
    return proof and ours[0] == theirs[0] and {ours[1], theirs[1]} == {"noerror_nodata", "nxdomain"}


def signatures_before_iterations(ours, theirs, case):
    return (ours[0], theirs[0]) == ("bogus", "insecure") and has_high_iterations(case)


def enough_for_a_downgrade(ours, theirs, case):
    return (ours[0], theirs[0]) == ("insecure", "bogus") and "NSEC3 iterations" in case["reason"]


def has_high_iterations(case):
    return any(
        record.type == wire.TYPES["NSEC3"] and int.from_bytes(record.rdata[2:4], "big") > 150
        for exchange in case["exchanges"]
        for record in Message(base64.b64decode(exchange["wire"])).authority
    )


def possible_delegation(ours, theirs, case):
    return (ours[0], theirs[0]) == ("insecure", "bogus") and case["reason"].endswith("opt-out") and tampered(case)


def wildcard_signatures_of_keys(ours, theirs, case):
    return "wrong_labels" in str(case["story"]) and case["reason"].endswith("DNSKEY: servfail")


def contradiction(ours, theirs, case):
    return theirs[0] == "insecure" and case["reason"].startswith("NXDOMAIN in a response that has")


def below_a_delegation(ours, theirs, case):
    lied = "lying_bitmap" in str(case["story"]) and "does not prove" in case["reason"]
    return lied and (ours[0], theirs[0]) == ("bogus", "insecure")


def wrong_signer(ours, theirs, case):
    stories = str(case["story"] + case["story_elsewhere"])
    return "wrong_signer" in stories and "has no signature of the zone" in case["reason"] and ours[0] == "bogus"


def signer_of_an_unsigned_zone(ours, theirs, case):
    unsigned = case["reason"].endswith(("has no DS record", "which is not supported"))
    stories = str(case["story"] + case["story_elsewhere"])
    return unsigned and "wrong_signer" in stories and (ours[0], theirs[0]) == ("insecure", "bogus")


def apex_says_nothing_about_ds(ours, theirs, case):
    lied = "lying_bitmap" in str(case["story"]) and case["reason"].endswith("has no DS")
    return lied and case["query"]["type"] == "DS" and (ours[0], theirs[0]) == ("bogus", "secure")


def gap_mends_nothing(ours, theirs, case):
    opt_out = "'opt_out': True" in str(case["story"][-1:])
    fails = "does not prove that" in case["reason"] and (ours[0], theirs[0]) == ("bogus", "insecure")
    return fails and opt_out and tampered(case)


def not_confirmed(ours, theirs, case):
    return ours[0] == "indeterminate" and theirs[0] == "bogus" and "then no second answer" in case["reason"]


REASONS = {
    "a zone without a DS that counts is unsigned (RFC 4035 section 5.2), whoever its signatures name; unbound looks there":
        signer_of_an_unsigned_zone,
    "an NSEC with the SOA bit is a zone's own apex, which says nothing about its DS (RFC 4035 section 5.2)":
        apex_says_nothing_about_ds,
    "an opt-out gap mends no proof that has failed; unbound takes it for an unsigned delegation":
        gap_mends_nothing,
    "bogus once, and no answer when asked again: what is not confirmed is not believed":
        not_confirmed,
    "a signature that names another signer is none of the zone's; unbound looks for keys where it leads":
        wrong_signer,
    "more than four keys with one tag: we stop, unbound tries on and meets the right key or not by their order":
        colliding_keys,
    "more than four keys with one tag, of which the DS names one: we find it by its digest, unbound stops or not":
        right_key_among_many,
    "no answer to a question on the way: we know nothing then, unbound refuses the answer (RFC 4035 section 4.3)":
        question_on_the_way,
    "a revoked key signs nothing but its revocation (RFC 5011 section 2.1), for BIND too":
        revoked_key,
    "who asks for a CNAME asks nothing about its target, which unbound follows all the same (RFC 1034 section 3.6.2)":
        target_of_a_cname,
    "a SHA-1 DS does not count beside a better one (RFC 4509 section 3), for BIND too":
        sha1_beside_better,
    "the answer to DS was damaged and the referral, which a stub never sees, was not":
        only_the_referral_was_right,
    "an answer is complete without what is damaged in the authority section beside it (RFC 4035 section 5.3)":
        beside_the_answer,
    "denial records and SOA are never the fruit of a wildcard, and no signature has fewer labels than its zone":
        wildcard_above_the_zone,
    "asked again after DS and DNSKEY, unbound answers from proofs that came with those, and sets AD itself (RFC 8198)":
        proven_meanwhile,
    "an NSEC whose gap wraps round must lead to the apex (RFC 4034 section 4.1.1)":
        gap_that_wraps,
    "NXDOMAIN with the NSEC of the very wildcard that stands for the name (RFC 4035 section 5.4), bogus for BIND too":
        wildcard_in_plain_sight,
    "NODATA of a name in a gap, without the NSEC of the wildcard (RFC 4035 section 3.1.3.4), bogus for BIND too":
        wildcard_not_shown,
    "the signed proof says NODATA and the unsigned RCODE NXDOMAIN, or the other way: we say what is proven":
        rcode_against_proof,
    "the signatures over SOA and NSEC3 count before the number of iterations does (RFC 9276 section 3.2)":
        signatures_before_iterations,
    "one verified NSEC3 with too many iterations is enough for a downgrade, whatever stands beside it":
        enough_for_a_downgrade,
    "within an opt-out span, even beside a wildcard, there may be an unsigned delegation (RFC 5155 section 9.2)":
        possible_delegation,
    "unbound hands out no DNSKEY RRset whose signature seems to come from a wildcard, though it uses it":
        wildcard_signatures_of_keys,
    "NXDOMAIN beside signed data is a contradiction, whatever else may be found unsigned":
        contradiction,
    "the NSEC3 of a delegation is no proof about names below it (RFC 6840 section 4.1); unbound takes it for a cut":
        below_a_delegation,
}  # fmt: skip
