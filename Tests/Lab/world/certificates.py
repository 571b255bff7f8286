# SPDX-License-Identifier: Apache-2.0
"""A small certificate authority (RFC 5280) with one factory word for each way a mail host's certificate can be."""

import datetime
import hashlib
import subprocess
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from description import DescriptionError

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
CURRENT = (-10, 80)  # days from now: not before, not after
PAST = (-100, -10)
FUTURE = (10, 100)

SHA1_EXTENSIONS = """\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName={}
"""


class Authority:
    """A CA certificate, its key, and the chain up to but without the root."""

    def __init__(self, name, issuer=None, days=(-400, 3000), path_length=None):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = build(
            name, self.key.public_key(), issuer or self, days, ca=True, path_length=path_length, subject_of=self
        )
        self.chain = [] if issuer is None else [self.certificate, *issuer.chain]
        self.root = self.certificate if issuer is None else issuer.root


class Certificates:
    """Makes and remembers what every host presents."""

    KINDS = {
        "good",
        "self_signed",
        "expired",
        "not_yet_valid",
        "wrong_name",
        "unknown_ca",
        "expired_intermediate",
        "missing_intermediate",
        "weak_key",
        "weak_signature",
        "cn_only",
        "wildcard",
        "client_only",
    }

    def __init__(self, directory):
        self.directory = Path(directory)
        self.directory.mkdir()
        self.root = Authority("Lab root CA", path_length=1)
        self.intermediate = Authority("Lab intermediate CA", self.root, path_length=0)
        self.expired_intermediate = Authority("Lab expired intermediate CA", self.root, PAST, path_length=0)
        self.unknown = Authority(
            "Lab unknown intermediate CA", Authority("Lab unknown root CA", path_length=1), path_length=0
        )
        self.chains = {}

    def make(self, host, words):
        """Writes HOST.pem (leaf first) and HOST.key; returns their file names."""
        kind = words["kind"]
        if kind not in self.KINDS:
            raise DescriptionError(f"host {host}: there is no certificate {kind}; known are {sorted(self.KINDS)}")
        key = make_key("rsa1024" if kind == "weak_key" else words.get("key", "ecdsa"))
        issuer = {
            "unknown_ca": self.unknown,
            "expired_intermediate": self.expired_intermediate,
            "self_signed": None,
        }.get(kind, self.intermediate)
        leaf = build(
            words.get("common_name", host),
            key.public_key(),
            issuer,
            validity(kind),
            names=names(kind, host, words),
            signing_key=key,
            purpose=ExtendedKeyUsageOID.CLIENT_AUTH if kind == "client_only" else ExtendedKeyUsageOID.SERVER_AUTH,
        )
        if kind == "weak_signature":
            leaf = self.signed_with_sha1(leaf, key)
        chain = [leaf] + ([] if issuer is None or kind == "missing_intermediate" else issuer.chain)
        self.chains[host] = (chain, issuer)
        (self.directory / f"{host}.pem").write_bytes(b"".join(pem(certificate) for certificate in chain))
        (self.directory / f"{host}.key").write_bytes(private_pem(key))
        return f"certificates/{host}.pem", f"certificates/{host}.key"

    def signed_with_sha1(self, leaf, key):
        """The library refuses to sign with SHA-1; the command line still does, from a request and the extensions."""
        request = x509.CertificateSigningRequestBuilder().subject_name(leaf.subject).sign(key, hashes.SHA256())
        alternative_names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        files = {
            "request": request.public_bytes(Encoding.PEM),
            "ca": pem(self.intermediate.certificate),
            "ca-key": private_pem(self.intermediate.key),
            "extensions": SHA1_EXTENSIONS.format(",".join(f"DNS:{name.value}" for name in alternative_names)).encode(),
        }
        with tempfile.TemporaryDirectory() as scratch:
            for name, content in files.items():
                Path(scratch, name).write_bytes(content)
            done = subprocess.run(
                [
                    "openssl",
                    "x509",
                    "-req",
                    "-in",
                    "request",
                    "-CA",
                    "ca",
                    "-CAkey",
                    "ca-key",
                    "-extfile",
                    "extensions",
                    "-set_serial",
                    str(leaf.serial_number),
                    "-days",
                    str(CURRENT[1]),
                    "-sha1",
                ],
                cwd=scratch,
                check=True,
                capture_output=True,
            )
        return x509.load_pem_x509_certificate(done.stdout)

    def tlsa(self, host, words):
        """The rdata for "usage selector type", optionally "wrong": usage 3 takes the leaf, 2 its issuer (RFC 6698)."""
        usage, selector, matching, *fault = words.split()
        chain, issuer = self.chains[host]
        if usage in {"0", "2"} and issuer is None:
            raise DescriptionError(f"host {host}: TLSA {words} asks for the issuer of a self-signed certificate")
        certificate = chain[0] if usage in {"1", "3"} else issuer.certificate
        data = certificate.public_bytes(Encoding.DER)
        if selector == "1":
            data = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if fault == ["wrong"]:
            data = b"another " + data
        digest = {
            "0": lambda d: d.hex(),
            "1": lambda d: hashlib.sha256(d).hexdigest(),
            "2": lambda d: hashlib.sha512(d).hexdigest(),
        }
        return f"{usage} {selector} {matching} {digest[matching](data)}"


def make_key(word):
    if word == "ecdsa":
        return ec.generate_private_key(ec.SECP256R1())
    bits = {"rsa": 2048, "rsa1024": 1024, "rsa3072": 3072}
    if word not in bits:
        raise DescriptionError(f"there is no key {word}; known are ecdsa, {', '.join(bits)}")
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits[word])


def validity(kind):
    return {"expired": PAST, "not_yet_valid": FUTURE}.get(kind, CURRENT)


def names(kind, host, words):
    """The subjectAltName; `names` in the description goes before what the kind would say."""
    if kind == "cn_only":
        return []
    usual = {"wrong_name": ["mail.elsewhere.example"], "wildcard": ["*." + host.split(".", 1)[1]]}
    return words.get("names", usual.get(kind, [host]))


def build(
    subject,
    public_key,
    issuer,
    days,
    names=(),
    signing_key=None,
    ca=False,
    path_length=None,
    purpose=None,
    subject_of=None,
):
    """One certificate; `issuer` None signs with its own key, and an Authority that is being built signs itself."""
    self_signed = issuer is None or issuer is subject_of
    issuer_name = x509_name(subject) if self_signed else issuer.certificate.subject
    key = signing_key if issuer is None else issuer.key
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509_name(subject))
        .issuer_name(issuer_name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + datetime.timedelta(days=days[0]))
        .not_valid_after(NOW + datetime.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        .add_extension(key_usage(ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return builder.sign(key, hashes.SHA256())


def x509_name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def key_usage(ca):
    return x509.KeyUsage(
        digital_signature=not ca,
        key_encipherment=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def pem(certificate):
    return certificate.public_bytes(Encoding.PEM)


def private_pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
