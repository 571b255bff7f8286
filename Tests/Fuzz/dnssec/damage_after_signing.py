# SPDX-License-Identifier: Apache-2.0
"""Signatures that are wrong, missing or of another time; data that differ from what was signed; DS records, as a list of
RDATA that is changed in place."""

import wire
from damage import DENIAL, at, data_set, flipped, some_set
from wire import TYPES
from zone import DAY


def again(zone, rrset, **changed):
    if rrset:
        zone.sign_set(rrset, **changed)


@at("signed")
def expired(zone, random):
    sign_all(zone, random, inception=zone.now - 60 * DAY, expiration=zone.now - 30 * DAY)


@at("signed")
def future(zone, random):
    sign_all(zone, random, inception=zone.now + 30 * DAY, expiration=zone.now + 60 * DAY)


@at("signed")
def inverted_times(zone, random):
    sign_all(zone, random, inception=zone.now + 30 * DAY, expiration=zone.now - 30 * DAY)


@at("signed")
def far_times(zone, random):
    """Serial number arithmetic (RFC 1982): more than 68 years are on the other side."""
    sign_all(zone, random, inception=zone.now - DAY, expiration=zone.now + random.choice([2**31 + DAY, 2**31 - 2 * DAY]))


def sign_all(zone, random, **changed):
    """Everything, one RRset, or the denial alone."""
    choice = random.random()
    if choice < 0.5:
        return again(zone, data_set(zone, random), **changed)
    for rrset in zone.sets.values():
        if rrset.signatures and (choice < 0.8 or rrset.type in DENIAL):
            again(zone, rrset, **changed)


@at("signed")
def wrong_signer(zone, random):
    names = [wire.parent(zone.name), wire.child("www", zone.name), ".", "t1.", "srv.", wire.child("x", "z1.t0.")]
    sign_all(zone, random, signer=random.choice(names))


@at("signed")
def wrong_labels(zone, random):
    rrset = some_set(zone, random)
    if rrset:
        right = len(wire.labels(rrset.owner))
        again(zone, rrset, labels=max(0, random.choice([right - 1, right - 2, right + 1, 0, 255])))


@at("signed")
def wrong_ttl(zone, random):
    sign_all(zone, random, original_ttl=random.choice([0, 1, 60, 7_200, 2**31 - 1]))


@at("signed")
def wrong_algorithm(zone, random):
    sign_all(zone, random, algorithm=random.choice([5, 8, 13, 15, 100, 253, 0]))


@at("signed")
def wrong_tag(zone, random):
    sign_all(zone, random, tag=random.randrange(65_536))


@at("signed")
def altered(zone, random):
    for _ in range(random.choice([1, 1, 4])):
        rrset = some_set(zone, random, lambda s: s.type in {1, 28, 16, 52, 15, 43})
        if rrset:
            rrset.rdatas[-1] = flipped(rrset.rdatas[-1], random, 2 if rrset.type in (15, 43) else None)


@at("signed")
def altered_signature(zone, random):
    rrset = some_set(zone, random)
    if rrset:
        rrset.signatures[0] = flipped(rrset.signatures[0], random)


@at("signed")
def record_added(zone, random):
    rrset = some_set(zone, random, lambda s: s.type in {1, 28, 16, 52})
    if rrset:
        rrset.rdatas.append(flipped(rrset.rdatas[0], random))


@at("signed")
def signature_missing(zone, random):
    for _ in range(random.choice([1, 1, 3])):
        rrset = some_set(zone, random)
        if rrset:
            rrset.signatures = []


@at("signed")
def signatures_of_type_missing(zone, random):
    rrset = some_set(zone, random)
    for other in zone.sets.values():
        if rrset and other.type == rrset.type:
            other.signatures = []


@at("signed")
def second_signature_wrong(zone, random):
    """One good signature is enough (RFC 6840 section 5.4), wherever it stands."""
    for rrset in zone.sets.values():
        if rrset.signatures:
            rrset.signatures.insert(random.randint(0, 1), flipped(rrset.signatures[0], random))


@at("signed")
def stripped(zone, random):
    gone = DENIAL | {TYPES["DNSKEY"], TYPES["NSEC3PARAM"]}
    zone.sets = {key: s for key, s in zone.sets.items() if s.type not in gone}
    for rrset in zone.sets.values():
        rrset.signatures = []


@at("ds")
def wrong_ds(records, random):
    records[:] = [flipped(rdata, random) if len(rdata) < 41 else rdata[:-1] + b"!" for rdata in records]


@at("ds")
def ds_with_wrong_beside(records, random):
    records.append(records[0][:-1] + bytes([records[0][-1] ^ 1]))


@at("ds")
def ds_with_unknown_beside(records, random):
    records.append(records[0][:2] + random.choice([b"\x64\x02", b"\xfd\x02"]) + random.randbytes(32))
    records.append(records[0][:3] + b"\xc8" + random.randbytes(32))


@at("ds")
def ds_unknown_algorithm(records, random):
    records[:] = [rdata[:2] + bytes([random.choice([0, 1, 3, 6, 12, 100, 253])]) + rdata[3:] for rdata in records]


@at("ds")
def ds_unknown_digest(records, random):
    records[:] = [rdata[:3] + bytes([random.choice([0, 200, 255])]) + rdata[4:] for rdata in records]


@at("ds")
def ds_other_algorithm(records, random):
    records[:] = [rdata[:2] + bytes([random.choice([8, 13, 14, 15])]) + rdata[3:] for rdata in records]


@at("ds")
def ds_wrong_tag(records, random):
    records[:] = [flipped(rdata[:2], random) + rdata[2:] for rdata in records]


@at("ds")
def ds_wrong_length(records, random):
    records[:] = [random.choice([rdata[:-1], rdata + b"x", rdata[:8]]) for rdata in records]


@at("ds")
def ds_missing(records, random):
    records.clear()


@at("ds")
def better_digest_wrong(records, random):
    """RFC 4509 section 3: SHA-1 beside SHA-256 does not count."""
    better = [rdata for rdata in records if rdata[3] != 1]
    records[:] = [rdata for rdata in records if rdata[3] == 1] + [rdata[:-1] + b"!" for rdata in better]
