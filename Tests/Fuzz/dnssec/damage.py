# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a zone: one function a fault, gathered by the moment at which it happens.

Each takes the zone and a source of randomness and does nothing where the zone has nothing to break.
"""

import struct

import keys
import wire
from wire import TYPES
from zone import DAY

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


def again(zone, rrset, **changed):
    if rrset:
        zone.sign_set(rrset, **changed)


# Before the denial records are signed: lies, in the zone's own name.


@at("denial")
def lying_bitmap(zone, random):
    rrset = some_set(zone, random, lambda s: s.type in DENIAL, signed=False)
    if not rrset:
        return
    rdata, kind = rrset.rdatas[0], random.choice(["A", "MX", "TLSA", "CNAME", "NS", "DS", "SOA", "DNAME", "TXT"])
    fixed, types = split_denial(rrset.type, rdata)
    rrset.rdatas = [fixed + wire.bitmap(types ^ {TYPES[kind]})]


@at("denial")
def lying_next(zone, random):
    rrset = some_set(zone, random, lambda s: s.type in DENIAL, signed=False)
    if not rrset:
        return
    fixed, types = split_denial(rrset.type, rrset.rdatas[0])
    if rrset.type == TYPES["NSEC"]:
        names = sorted(zone.names(), key=wire.canonical_key)
        following = random.choice(
            [zone.name, wire.child("zzz", zone.name), random.choice(names), rrset.owner, "outside.t0."]
            + [wire.child("mm", random.choice(names))]
        )
        rrset.rdatas = [wire.name_octets(following) + wire.bitmap(types)]
    else:
        following = random.choice([bytes(20), b"\xff" * 20, random.randbytes(20), fixed[-20:-1] + b"\0"])
        rrset.rdatas = [fixed[:-20] + following + wire.bitmap(types)]


def split_denial(number, rdata):
    """What stands before the bitmap, and the types in it."""
    if number == TYPES["NSEC"]:
        end = rdata.index(0) + 1
    else:
        end = 5 + rdata[4]
        end += 1 + rdata[end]
    types, position = set(), end
    while position < len(rdata):
        window, length = rdata[position], rdata[position + 1]
        for index, octet in enumerate(rdata[position + 2 : position + 2 + length]):
            types |= {window << 8 | index << 3 | bit for bit in range(8) if octet & 0x80 >> bit}
        position += 2 + length
    return rdata[:end], types


def nsec3_records(zone, random):
    found = [s for s in zone.sets.values() if s.type == TYPES["NSEC3"]]
    return found if random.random() < 0.5 else found[:1]


@at("denial")
def unknown_hash_algorithm(zone, random):
    for rrset in nsec3_records(zone, random):
        rrset.rdatas = [bytes([random.choice([0, 2, 200])]) + rdata[1:] for rdata in rrset.rdatas]


@at("denial")
def unknown_nsec3_flags(zone, random):
    for rrset in nsec3_records(zone, random):
        rrset.rdatas = [rdata[:1] + bytes([rdata[1] | random.choice([2, 128])]) + rdata[2:] for rdata in rrset.rdatas]


@at("denial")
def opt_out_flipped(zone, random):
    for rrset in nsec3_records(zone, random):
        rrset.rdatas = [rdata[:1] + bytes([rdata[1] ^ 1]) + rdata[2:] for rdata in rrset.rdatas]


@at("denial")
def other_iterations(zone, random):
    for rrset in nsec3_records(zone, random):
        number = struct.pack("!H", random.choice([0, 1, 151, 2_000, 65_535]))
        rrset.rdatas = [rdata[:2] + number + rdata[4:] for rdata in rrset.rdatas]


@at("denial")
def denial_missing(zone, random):
    found = [key for key, s in zone.sets.items() if s.type in DENIAL]
    for key in found if random.random() < 0.3 else random.sample(found, min(len(found), random.randint(1, 3))):
        del zone.sets[key]


# Keys.


@at("keys")
def flags_changed(zone, random):
    """REVOKE (RFC 5011), no ZONE bit, no SEP; the DS is made of what is then there."""
    change = random.choice([0x80, 0x80, 0x100, 0x1, 0x8000])
    zone.keys = [(key, flags ^ change if flags & 1 else flags) for key, flags in zone.keys]
    rrset = zone.sets[zone.name, TYPES["DNSKEY"]]
    rrset.rdatas = [key.rdata(flags) for key, flags in zone.keys]
    zone.signers = lambda number: zone.keys[:1] if number == TYPES["DNSKEY"] else zone.keys[-1:]


@at("keys")
def other_protocol(zone, random):
    rrset = zone.sets[zone.name, TYPES["DNSKEY"]]
    rrset.rdatas = [rdata[:2] + bytes([random.choice([0, 1, 4])]) + rdata[3:] for rdata in rrset.rdatas]


@at("keys")
def stranger_signs(zone, random):
    """Keys that are not in the DNSKEY RRset, under their own tags."""
    algorithm = random.choice(zone.shape["algorithms"])
    zone.signers = lambda number: [(keys.Key(algorithm), 257)]


@at("keys")
def zone_key_signs_all(zone, random):
    zone.signers = lambda number: zone.keys[-1:]


@at("keys")
def entry_key_signs_all(zone, random):
    zone.signers = lambda number: zone.keys[:1]


@at("keys")
def one_algorithm_signs(zone, random):
    chosen = random.choice(zone.shape["algorithms"])
    all_signers = zone.signers
    zone.signers = lambda number: [(key, flags) for key, flags in all_signers(number) if key.algorithm == chosen]


@at("keys")
def extra_keys(zone, random):
    rrset = zone.sets[zone.name, TYPES["DNSKEY"]]
    for _ in range(random.randint(1, 4)):
        algorithm = random.choice([3, 8, 13, 15, 100, 253])
        rrset.rdatas.append(struct.pack("!HBB", 256, 3, algorithm) + random.randbytes(random.choice([1, 32, 64, 130])))


@at("keys")
def colliding_tags(zone, random):
    """Octets of even places changed so that their sum stays: keys that are none, with the tag of one that is."""
    rrset = zone.sets[zone.name, TYPES["DNSKEY"]]
    original = random.choice(rrset.rdatas)
    for _ in range(random.choice([1, 2, 3, 8])):
        twin = bytearray(original)
        first, second = random.sample(range(10, len(twin) - 1, 2), 2)
        step = min(random.randint(1, 40), 255 - twin[first], twin[second])
        twin[first] += step
        twin[second] -= step
        if bytes(twin) not in rrset.rdatas:
            rrset.rdatas.insert(0, bytes(twin))


# Signatures.


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


def flipped(rdata, random, before=None):
    place = random.randrange(before or len(rdata))
    if before is None and len(rdata) > 40:
        place = random.randrange(len(rdata) - 20, len(rdata))
    return rdata[:place] + bytes([rdata[place] ^ 1 << random.randrange(8)]) + rdata[place + 1 :]


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


# DS records, as RDATA in a list that is changed in place.


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
