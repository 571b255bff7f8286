# SPDX-License-Identifier: Apache-2.0
"""The world's certificate authority: a root and an intermediate. The leaves are made by the responder as they are asked
for. Both sign with Ed25519, whose signatures are the same every time: a host shows the same certificate again."""

import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def make(folder):
    """Writes root.pem, issuer.pem, issuer.key and leaf.key; returns the SHA-256 of the leaf's and issuer's keys."""
    root_key, issuer_key = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    root = certificate("World Root", "World Root", root_key.public_key(), root_key)
    issuer = certificate("World Issuer", "World Root", issuer_key.public_key(), root_key)
    for name, made in (("root", root), ("issuer", issuer)):
        (folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
    for name, key in (("issuer", issuer_key), ("leaf", leaf_key)):
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.key").write_bytes(text)
    return digest(leaf_key.public_key()), digest(issuer_key.public_key())


def certificate(name, issuer, key, signer):
    return (
        x509.CertificateBuilder()
        .subject_name(common_name(name))
        .issuer_name(common_name(issuer))
        .public_key(key)
        .serial_number(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1)
        .not_valid_before(NOW - datetime.timedelta(days=30))
        .not_valid_after(NOW + datetime.timedelta(days=300))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .sign(signer, None)
    )


def common_name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def digest(key):
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
