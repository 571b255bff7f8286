# SPDX-License-Identifier: Apache-2.0
"""Differences that are meant, each with its reason."""


def explanation(ours, theirs, question, case):
    """The reason why the two differ, or None."""
    for reason, fits in REASONS.items():
        if fits(ours, theirs, question, case):
            return reason
    return None


REASONS = {}
