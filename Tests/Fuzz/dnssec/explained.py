# SPDX-License-Identifier: Apache-2.0
"""Differences that are meant, each with its reason."""


def explanation(ours, theirs, case):
    """The reason why the two differ, or None. `ours` and `theirs` are (security, kind)."""
    return next((reason for reason, fits in REASONS.items() if fits(ours, theirs, case)), None)


def stopped(text):
    return lambda ours, theirs, case: ours[0] == "indeterminate" and text in case["reason"]


REASONS = {
    "more than four keys with one tag: we stop, unbound tries on and meets the right key or not by the order of keys":
        stopped("keys with the tag"),
    "no answer to a question on the way: we know nothing then, unbound refuses the answer (RFC 4035 section 4.3)":
        lambda ours, theirs, case: stopped("no answer to")(ours, theirs, case) and theirs[0] == "bogus",
    "a revoked key signs nothing but its revocation (RFC 5011 section 2.1), for BIND too":
        lambda ours, theirs, case: ours[0] == "bogus" and "is revoked" in case["reason"],
    "who asks for a CNAME asks nothing about its target, whose absence is unbound's RCODE (RFC 1034 section 3.6.2)":
        lambda ours, theirs, case: ours[0] == theirs[0] and case["query"]["type"] == "CNAME"
        and (ours[1], theirs[1]) == ("noerror_data", "nxdomain"),
}  # fmt: skip
