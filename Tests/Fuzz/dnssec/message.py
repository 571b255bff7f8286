# SPDX-License-Identifier: Apache-2.0
"""A response taken apart and put together again, without compression (RFC 1035 section 4)."""

import struct
from dataclasses import dataclass

import wire

NAMES_AT = {2: 0, 5: 0, 39: 0, 15: 2}  # where in RDATA one name stands that may be compressed


@dataclass
class Record:
    owner: str
    type: int
    record_class: int
    ttl: int
    rdata: bytes

    def covers(self):
        """What an RRSIG is over; the type itself of everything else."""
        return int.from_bytes(self.rdata[:2], "big") if self.type == 46 else self.type

    def octets(self):
        head = struct.pack("!HHIH", self.type, self.record_class, self.ttl & 0xFFFFFFFF, len(self.rdata))
        return wire.name_octets(self.owner) + head + self.rdata


class Message:
    def __init__(self, octets):
        self.id, self.flags, questions, *counts = struct.unpack_from("!6H", octets)
        self.name, at = read_name(octets, 12)
        self.type = int.from_bytes(octets[at : at + 2], "big")
        at += 4
        assert questions == 1
        self.sections = []
        for count in counts:
            section = []
            for _ in range(count):
                record, at = read_record(octets, at)
                section.append(record)
            self.sections.append(section)

    @property
    def answer(self):
        return self.sections[0]

    @property
    def authority(self):
        return self.sections[1]

    @property
    def rcode(self):
        return self.flags & 15

    def octets(self):
        head = struct.pack("!6H", self.id, self.flags, 1, *map(len, self.sections))
        body = b"".join(record.octets() for section in self.sections for record in section)
        return head + wire.name_octets(self.name) + struct.pack("!HH", self.type, 1) + body

    def is_authenticated(self):
        return bool(self.flags & 0x20)

    def extended_errors(self):
        """INFO-CODEs (RFC 8914)."""
        found = []
        for record in self.sections[2]:
            at = 0
            while record.type == 41 and at + 4 <= len(record.rdata):
                code, length = struct.unpack_from("!HH", record.rdata, at)
                if code == 15:
                    found.append(int.from_bytes(record.rdata[at + 4 : at + 6], "big"))
                at += 4 + length
        return found


def read_name(octets, at):
    found, end = [], None
    while octets[at]:
        if octets[at] >= 0xC0:
            end = end or at + 2
            at = int.from_bytes(octets[at : at + 2], "big") & 0x3FFF
            continue
        found.append(octets[at + 1 : at + 1 + octets[at]].decode("latin-1"))
        at += octets[at] + 1
    return ".".join(found).lower() + ".", end or at + 1


def read_record(octets, at):
    owner, at = read_name(octets, at)
    number, record_class, ttl, length = struct.unpack_from("!HHIH", octets, at)
    at += 10
    rdata = octets[at : at + length]
    if number in NAMES_AT:
        before = NAMES_AT[number]
        rdata = rdata[:before] + wire.name_octets(read_name(octets, at + before)[0])
    elif number == 6:
        first, middle = read_name(octets, at)
        rdata = wire.name_octets(first) + wire.name_octets(read_name(octets, middle)[0]) + rdata[-20:]
    return Record(owner, number, record_class, ttl, rdata), at + length
