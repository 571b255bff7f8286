# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a zone: one function a fault, gathered by the moment at which it happens. The functions stand
in the modules damage_*.py.

Each takes the zone, or the DS records that its parent gets, and a source of randomness, and does nothing where there is
nothing to break.
"""

from wire import TYPES

DENIAL = {TYPES["NSEC"], TYPES["NSEC3"]}
STAGES = {"denial": {}, "keys": {}, "signed": {}, "ds": {}}


def at(stage):
    def register(function):
        STAGES[stage][function.__name__] = function
        return function

    return register


def some_set(zone, random, wanted=lambda rrset: True, signed=True):
    found = [s for s in zone.sets.values() if wanted(s) and (not signed or s.signatures)]
    return random.choice(found) if found else None


def data_set(zone, random):
    """One that is neither the keys nor a denial: what damage to it does is seen by few questions."""
    return some_set(zone, random, lambda s: s.type not in DENIAL | {TYPES["DNSKEY"]})


def flipped(rdata, random, before=None):
    place = random.randrange(before or len(rdata))
    if before is None and len(rdata) > 40:
        place = random.randrange(len(rdata) - 20, len(rdata))
    return rdata[:place] + bytes([rdata[place] ^ 1 << random.randrange(8)]) + rdata[place + 1 :]
