# SPDX-License-Identifier: Apache-2.0
"""Keys and signatures (RFC 4034, 5155), made by ldns's command-line tools."""

import subprocess
import tempfile
import time
from pathlib import Path

DAY = 86_400

ALGORITHMS = {
    "rsasha1-nsec3": "RSASHA1-NSEC3-SHA1",
    "rsasha256": "RSASHA256",
    "rsasha512": "RSASHA512",
    "ecdsap256sha256": "ECDSAP256SHA256",
    "ecdsap384": "ECDSAP384SHA384",
    "ed25519": "ED25519",
    "ed448": "ED448",
}


def sign(path, origin, zone, split_keys):
    """Signs the zone file in place, returns its DS lines. A registry splits KSK and ZSK, a small domain has one key."""
    algorithm = ALGORITHMS[zone.get("algorithm", "ecdsap256sha256")]
    with tempfile.TemporaryDirectory() as scratch:
        keys = [keygen(scratch, origin, algorithm, secure_entry_point=True)]
        if split_keys:
            keys.append(keygen(scratch, origin, algorithm, secure_entry_point=False))
        inception, expiration = validity(zone["kind"])
        run(
            ["ldns-signzone", "-o", origin, "-i", str(inception), "-e", str(expiration), "-f", str(path) + ".signed"]
            + denial_options(zone)
            + [str(path)]
            + keys,
            scratch,
        )
        Path(str(path) + ".signed").rename(path)
        # Digest type 2, SHA-256 (RFC 4509).
        line = run(["ldns-key2ds", "-n", "-f", "-2", keys[0] + ".key"], scratch)
        return [" ".join(line.split())]


def keygen(scratch, origin, algorithm, secure_entry_point):
    bits = ["-b", "2048"] if algorithm.startswith("RSA") else []
    flags = ["-k"] if secure_entry_point else []
    return run(["ldns-keygen", *flags, "-a", algorithm, *bits, origin], scratch).strip()


def validity(kind):
    now = int(time.time())
    if kind == "expired":
        return now - 60 * DAY, now - 30 * DAY
    if kind == "future":
        return now + 30 * DAY, now + 60 * DAY
    return now - DAY, now + 14 * DAY


def denial_options(zone):
    denial = zone.get("denial", "nsec")
    if denial == "nsec":
        return []
    options = ["-n", "-a", "1", "-t", str(zone.get("iterations", 0))]
    options += ["-s", str(zone["salt"])] if "salt" in zone else []
    return options + (["-p"] if denial == "nsec3-optout" else [])


def secure_entry_points(path):
    """The DNSKEY lines of a zone file that a trust anchor names: flags 257."""
    lines = (" ".join(line.split(";")[0].split()) for line in path.read_text().splitlines())
    return [line for line in lines if " DNSKEY 257 " in line]


def run(command, directory):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
