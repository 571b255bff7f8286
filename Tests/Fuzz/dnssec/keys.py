# SPDX-License-Identifier: Apache-2.0
"""Key pairs of all algorithms, a few of each for all zones, and signatures with every field to be chosen."""

import functools
import struct

import wire
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa, utils

ALGORITHMS = [5, 7, 8, 10, 13, 14, 15, 16]
RSA_HASHES = {5: hashes.SHA1, 7: hashes.SHA1, 8: hashes.SHA256, 10: hashes.SHA512}
CURVES = {13: (ec.SECP256R1, hashes.SHA256, 32), 14: (ec.SECP384R1, hashes.SHA384, 48)}
POOL = 4


class Key:
    """A key pair; its flags are the DNSKEY record's, not its own."""

    def __init__(self, algorithm):
        self.algorithm = algorithm
        if algorithm in RSA_HASHES:
            # Small, since thousands of zones are signed; OpenSSL verifies 1024 bits like any others.
            self.private = rsa.generate_private_key(65_537, 1_024)
            modulus = self.private.public_key().public_numbers().n
            self.public = b"\x03\x01\x00\x01" + modulus.to_bytes(128, "big")
        elif algorithm in CURVES:
            curve, _, size = CURVES[algorithm]
            self.private = ec.generate_private_key(curve())
            point = self.private.public_key().public_numbers()
            self.public = point.x.to_bytes(size, "big") + point.y.to_bytes(size, "big")
        else:
            kind = ed25519.Ed25519PrivateKey if algorithm == 15 else ed448.Ed448PrivateKey
            self.private = kind.generate()
            raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
            self.public = self.private.public_key().public_bytes(*raw)

    def rdata(self, flags, protocol=3):
        return struct.pack("!HBB", flags, protocol, self.algorithm) + self.public

    def signature(self, octets):
        if self.algorithm in RSA_HASHES:
            return self.private.sign(octets, padding.PKCS1v15(), RSA_HASHES[self.algorithm]())
        if self.algorithm in CURVES:
            _, digest, size = CURVES[self.algorithm]
            r, s = utils.decode_dss_signature(self.private.sign(octets, ec.ECDSA(digest())))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        return self.private.sign(octets)


@functools.cache
def pool():
    """Made once: most of them take longer to make than to use."""
    return {algorithm: [Key(algorithm) for _ in range(POOL)] for algorithm in ALGORITHMS}


def sign(key, flags, rrset, **changed):
    """The RDATA of an RRSIG over an RRset. `changed` names fields that differ from what is right: labels, tag,
    algorithm, original_ttl, signer, inception, expiration; the signature is over the changed fields."""
    owner, count = rrset.owner, len(wire.labels(rrset.owner)) - rrset.owner.startswith("*.")
    signed_labels = changed.get("labels", count)
    head = struct.pack(
        "!HBBIIIH",
        rrset.type,
        changed.get("algorithm", key.algorithm),
        signed_labels,
        changed.get("original_ttl", rrset.ttl),
        changed["expiration"] & 0xFFFFFFFF,
        changed["inception"] & 0xFFFFFFFF,
        changed.get("tag", wire.key_tag(key.rdata(flags))),
    ) + wire.name_octets(changed["signer"])  # fmt: skip
    if signed_labels < count:
        owner = "*." + ".".join(wire.labels(owner)[len(wire.labels(owner)) - signed_labels :]) + "."
    record = wire.name_octets(owner) + struct.pack("!HHI", rrset.type, 1, changed.get("original_ttl", rrset.ttl))
    octets = head + b"".join(record + struct.pack("!H", len(rdata)) + rdata for rdata in sorted(set(rrset.rdatas)))
    return head + key.signature(octets)
