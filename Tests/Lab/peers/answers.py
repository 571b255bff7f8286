# SPDX-License-Identifier: Apache-2.0
"""What a peer answered, beside what the description expects; and how a peer is asked."""

import os
import re
import subprocess
from pathlib import Path

LAB = Path(os.environ["MXCENSUS_LAB"])

NO_JUDGE = {  # (peer, name): why it is not believed
    ("unbound-host", "ed448.alpha"): "Debian builds libunbound on nettle, which has no Ed448",
    ("delv", "nothere.alpha"): "BIND calls a name below an opt-out span proven; RFC 5155 section 9.2 does not",
    ("posttls-finger", "mx.first-line.beta"): "Postfix takes the keyword from the first line of the EHLO reply too",
    ("posttls-finger", "mx.injection.beta"): "Postfix drops what follows the 220, and waits for TLS",
    ("posttls-finger", "mx.mute-in-tls.alpha"): "Postfix looks at the connection no more once the handshake has ended",
    ("openssl", "mx.greeting-split.beta"): "s_client takes one read for a reply, and begins TLS too early",
    ("openssl verify", "mx.greeting-split.beta"): "s_client brings it no chain: as above",
    ("openssl versions", "mx.greeting-split.beta"): "s_client takes one read for a reply, and begins TLS too early",
    ("openssl versions", "mx.bare-lf.beta"): "s_client waits for a line that ends as RFC 5321 section 2.3.8 wants",
    ("openssl versions", "mx.pqonly.beta"): "OpenSSL 3.0 has no X25519MLKEM768",
    ("openssl versions", "mx.rc4.beta"): "Debian builds OpenSSL without RC4",
    ("openssl versions", "mx.3des.beta"): "Debian builds OpenSSL without 3DES",
    ("openssl versions", "mx.ssl3.beta"): "Debian builds OpenSSL without SSLv3",
    ("sslscan", "mx.greeting-split.beta"): "sslscan takes one read for a reply, and begins TLS too early",
    ("sslscan", "mx.greeting-teaser.beta"): "sslscan speaks after the first line of the greeting, and is thrown out",
    ("sslscan", "mx.pqonly.beta"): "its hello has no share for X25519MLKEM768 and does not offer it",
}


def verdict(peer, name, expected, seen, agrees=None):
    return {
        "peer": peer,
        "name": name,
        "expected": expected,
        "seen": seen,
        "agrees": expected == seen if agrees is None else agrees,
    }


def run(*command):
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace")


def first(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found and found[1]


def socket_name(address):
    return f"[{address}]:25" if ":" in address else f"{address}:25"
