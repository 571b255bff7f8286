# SPDX-License-Identifier: Apache-2.0
"""Names, RDATA and messages as octets (RFC 1035, 4034, 5155). Names are text, lower case, with the final dot."""

import functools
import hashlib
import struct

TYPES = {
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "DNAME": 39, "OPT": 41,
    "DS": 43, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48, "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52,
}  # fmt: skip
MNEMONICS = {number: mnemonic for mnemonic, number in TYPES.items()}


def labels(name):
    return [label for label in name.split(".") if label]


def parent(name):
    return ".".join(labels(name)[1:]) + "."


def child(label, name):
    return f"{label}." if name == "." else f"{label}.{name}"


def is_below(name, zone):
    """Below or equal."""
    return zone == "." or name == zone or name.endswith("." + zone)


def name_octets(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in labels(name)) + b"\0"


def canonical_key(name):
    """What sorts names canonically (RFC 4034 section 6.1)."""
    return [label.encode() for label in reversed(labels(name))]


def mx(preference, target):
    return struct.pack("!H", preference) + name_octets(target)


def txt(text):
    return bytes([len(text)]) + text.encode()


def soa(server, minimum):
    return name_octets(server) + name_octets(server) + struct.pack("!5I", 1, 3_600, 600, 604_800, minimum)


def bitmap(types):
    """RFC 4034 section 4.1.2."""
    windows = {}
    for number in types:
        window = windows.setdefault(number >> 8, bytearray(32))
        window[(number & 255) >> 3] |= 0x80 >> (number & 7)
    octets = b""
    for number in sorted(windows):
        used = bytes(windows[number]).rstrip(b"\0")
        octets += bytes([number, len(used)]) + used
    return octets


def nsec(following, types):
    return name_octets(following) + bitmap(types)


def nsec3_hash(name, iterations, salt):
    digest = hashlib.sha1(name_octets(name) + salt).digest()
    for _ in range(iterations):
        digest = hashlib.sha1(digest + salt).digest()
    return digest


def nsec3(algorithm, flags, iterations, salt, following, types):
    head = struct.pack("!BBHB", algorithm, flags, iterations, len(salt)) + salt
    return head + bytes([len(following)]) + following + bitmap(types)


def base32hex(octets):
    digits = "0123456789abcdefghijklmnopqrstuv"
    number = int.from_bytes(octets, "big")
    return "".join(digits[number >> shift & 31] for shift in range(len(octets) * 8 - 5, -1, -5))


@functools.cache
def key_tag(rdata):
    """RFC 4034 appendix B."""
    total = sum(rdata[0::2]) * 256 + sum(rdata[1::2])
    return (total + (total >> 16 & 0xFFFF)) & 0xFFFF


def ds(owner, dnskey, digest_type):
    digest = {1: hashlib.sha1, 2: hashlib.sha256, 4: hashlib.sha384}.get(digest_type, hashlib.sha256)
    octets = digest(name_octets(owner) + dnskey).digest()
    return struct.pack("!HBB", key_tag(dnskey), dnskey[3], digest_type) + octets


def query(name, number, message_id, checking_disabled, payload_size=1_232):
    """With EDNS and DO (RFC 3225)."""
    flags = 0x0100 | (0x0010 if checking_disabled else 0)
    header = struct.pack("!HHHHHH", message_id, flags, 1, 0, 0, 1)
    option = b"\0" + struct.pack("!HHIH", TYPES["OPT"], payload_size, 0x8000, 0)
    return header + name_octets(name) + struct.pack("!HH", number, 1) + option
