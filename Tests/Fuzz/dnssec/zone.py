# SPDX-License-Identifier: Apache-2.0
"""One zone: its RRsets, its chain of NSEC or NSEC3, its signatures, and the file that a name server reads."""

import struct
from dataclasses import dataclass, field

import keys
import wire
from wire import TYPES

DAY = 86_400


@dataclass
class RRset:
    owner: str
    type: int
    ttl: int
    rdatas: list
    signatures: list = field(default_factory=list)


class Zone:
    """Built in this order: add(), make_denial(), make_keys(), sign(); between the steps damage is done."""

    def __init__(self, name, shape, now):
        self.name = name
        self.shape = shape
        self.now = now
        self.sets = {}
        self.keys = []  # (key, flags) of those that sign
        self.delegation_signers = []  # RDATA of the DS records that the parent gets

    def add(self, owner, mnemonic, rdata, ttl=300):
        number = TYPES[mnemonic]
        rrset = self.sets.setdefault((owner, number), RRset(owner, number, ttl, []))
        if rdata not in rrset.rdatas:
            rrset.rdatas.append(rdata)

    def has(self, owner, mnemonic):
        return (owner, TYPES[mnemonic]) in self.sets

    def is_hidden(self, owner):
        """Whether another zone, or a DNAME, has taken the name away."""
        above = wire.parent(owner)
        while len(above) >= len(self.name) and owner != self.name:
            if above != self.name and self.has(above, "NS") or self.has(above, "DNAME"):
                return True
            if above == self.name:
                return False
            above = wire.parent(above)
        return False

    def is_authoritative(self, owner, number):
        if self.is_hidden(owner):
            return False
        return owner == self.name or not self.has(owner, "NS") or number in (TYPES["DS"], TYPES["NSEC"])

    def names(self):
        return {owner for owner, _ in self.sets if not self.is_hidden(owner)}

    def types_at(self, owner):
        here = {number for name, number in self.sets if name == owner}
        if owner != self.name and TYPES["NS"] in here:
            here &= {TYPES["NS"], TYPES["DS"]}
        return here

    def make_denial(self):
        if self.shape["denial"] == "nsec":
            self.make_nsec()
        else:
            self.make_nsec3()

    def make_nsec(self):
        chain = sorted(self.names(), key=wire.canonical_key)
        for owner, following in zip(chain, chain[1:] + chain[:1]):
            types = self.types_at(owner) | {TYPES["NSEC"], TYPES["RRSIG"]}
            types |= {TYPES["DNSKEY"]} if owner == self.name else set()
            self.add(owner, "NSEC", wire.nsec(following, types), self.shape["negative_ttl"])

    def make_nsec3(self):
        shape = self.shape
        salt = bytes.fromhex(shape["salt"])
        parameters = struct.pack("!BBHB", 1, 0, shape["iterations"], len(salt)) + salt
        self.add(self.name, "NSEC3PARAM", parameters, 0)
        types = {}
        for owner in self.names():
            here = self.types_at(owner)
            unsigned_cut = owner != self.name and here == {TYPES["NS"]}
            if unsigned_cut and shape["opt_out"]:
                continue
            types[owner] = here if unsigned_cut else here | {TYPES["RRSIG"]}
            above = wire.parent(owner)
            while owner != self.name and len(above) > len(self.name):  # empty non-terminals
                types.setdefault(above, set())
                above = wire.parent(above)
        types[self.name] |= {TYPES["DNSKEY"]}
        hashed = sorted((wire.nsec3_hash(owner, shape["iterations"], salt), here) for owner, here in types.items())
        for index, (digest, here) in enumerate(hashed):
            following = hashed[(index + 1) % len(hashed)][0]
            rdata = wire.nsec3(1, int(shape["opt_out"]), shape["iterations"], salt, following, here)
            self.add(wire.child(wire.base32hex(digest), self.name), "NSEC3", rdata, shape["negative_ttl"])

    def agree_on_parameters(self):
        """NSEC3PARAM names a chain that is there: NSD serves no other, and does not survive one that is not."""
        parameters = self.sets.get((self.name, TYPES["NSEC3PARAM"]))
        records = [rdata for s in self.sets.values() if s.type == TYPES["NSEC3"] for rdata in s.rdatas if rdata[0] == 1]
        chains = [bytes([1, 0]) + rdata[2 : 5 + rdata[4]] for rdata in records]
        if parameters and not chains:
            del self.sets[self.name, TYPES["NSEC3PARAM"]]
        elif parameters and parameters.rdatas[0] not in chains:
            parameters.rdatas = [max(chains, key=chains.count)]

    def make_keys(self, pool, random):
        """Per algorithm one key for everything, or two, of which the one with SEP signs the keys."""
        for algorithm in self.shape["algorithms"]:
            chosen = random.sample(pool[algorithm], 2)
            self.keys.append((chosen[0], 257))
            if not self.shape["single_key"]:
                self.keys.append((chosen[1], 256))
        for key, flags in self.keys:
            self.add(self.name, "DNSKEY", key.rdata(flags), 3_600)

    def signers(self, number):
        split = not self.shape["single_key"]
        wanted = 257 if number == TYPES["DNSKEY"] or not split else 256
        return [(key, flags) for key, flags in self.keys if flags == wanted]

    def sign(self):
        for rrset in list(self.sets.values()):
            if self.is_authoritative(rrset.owner, rrset.type):
                self.sign_set(rrset)

    def sign_set(self, rrset, **changed):
        fields = {"signer": self.name, "inception": self.now - DAY, "expiration": self.now + 14 * DAY, **changed}
        rrset.signatures = [keys.sign(key, flags, rrset, **fields) for key, flags in self.signers(rrset.type)]

    def ds(self, digest_types):
        points = [(key, flags) for key, flags in self.keys if flags & 1] or self.keys
        return [wire.ds(self.name, key.rdata(flags), kind) for key, flags in points for kind in digest_types]

    def write(self, path):
        """RFC 3597 section 5 spells every type."""
        with open(path, "w", encoding="ascii") as file:
            apex = (self.name, TYPES["SOA"])
            for at in [apex] + [key for key in self.sets if key != apex]:
                rrset = self.sets[at]
                for rdata in rrset.rdatas:
                    file.write(f"{rrset.owner} {rrset.ttl} IN TYPE{rrset.type} \\# {len(rdata)} {rdata.hex()}\n")
                for rdata in rrset.signatures:
                    file.write(f"{rrset.owner} {rrset.ttl} IN TYPE46 \\# {len(rdata)} {rdata.hex()}\n")
