# SPDX-License-Identifier: Apache-2.0
"""Lies in the zone's own name, which it then signs, and keys that are not what they should be."""

import struct

import keys
import wire
from damage import DENIAL, at, some_set
from wire import TYPES


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
