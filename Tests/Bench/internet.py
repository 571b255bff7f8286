#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""internet.py FOLDER: writes the lab's description of the bench's internet (Tests/Lab/README.md tells how it is read).

One unsigned top-level domain with two zones' worth of names, so that looking them up is cheap and the same for all:
`probes.bench` has domains whose mail hosts the bench's own responder plays, `questions.bench` has domains that accept
no mail, each of which takes one question. `p0.signed` and on have policies. `signed` is an NSEC3 opt-out registry with small zones, signed and unsigned.
"""

import hashlib
import json
import sys
from pathlib import Path

from workload import ENDPOINTS_PER_HOST, POLICIES, QUESTIONS, SIGNED, UNSIGNED, address, host_count, policy_hosts


def main():
    folder = Path(sys.argv[1])
    described = json.dumps(policies())
    # The lab makes a new world where this file differs, so it has to tell when the other one does.
    name = f"policies-{hashlib.sha256(described.encode()).hexdigest()[:16]}.json"
    (folder / name).write_text(described)
    (folder / "internet.json").write_text(json.dumps({"policies": name, **internet()}))


def internet():
    return {
        "tlds": {
            "bench": {"sign": "none"},
            "signed": {"sign": "ecdsap256sha256", "denial": "nsec3-optout"},
        },
        "hosts": {
            # Never asked: it is here for the wildcard certificate that the responder shows for every mail host.
            "certificate.bench": {
                "v6": ["fd00:6d78::1"],
                "server": "nginx",
                "certificate": {"kind": "good", "names": ["*.probes.bench"]},
            },
        },
        "domains": {
            "probes.bench": {"listed": False, "zone": {"kind": "within"}, "records": probes()},
            # RFC 7505: a null MX is a whole answer, after which there is nothing more to ask.
            "questions.bench": {
                "listed": False,
                "zone": {"kind": "within"},
                "records": [f"d{i} MX 0 ." for i in range(QUESTIONS)],
            },
            **{f"d{i}.signed": small(f"d{i}.signed", i, "secure") for i in range(SIGNED)},
            **{f"u{i}.signed": small(f"u{i}.signed", i, "insecure") for i in range(UNSIGNED)},
        },
    }


def probes():
    records = []
    for host in range(host_count()):
        records.append(f"d{host} MX 10 mx{host}")
        records += [f"mx{host} A {address(host, i)}" for i in range(ENDPOINTS_PER_HOST)]
    return records


def policies():
    """Each domain with all of them, in a zone of its own that nobody signed."""
    return {"zones": {}, "domains": {f"p{i}.signed": with_policies(f"p{i}.signed", i) for i in range(POLICIES)}}


def with_policies(name, i):
    host = f"mx{i % policy_hosts()}.probes.bench"
    return {
        "zone": {"kind": "insecure"},
        "mx": [[10, host]],
        "policy": {"lines": ["version: STSv1", "mode: enforce", f"mx: {host}", "max_age: 604800"]},
        "records": [
            '@ TXT "v=spf1 mx -all"',
            f'_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@{name}"',
            f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:t@{name}"',
        ],
        "expect": {"mta_sts": {}},
    }


def small(name, i, kind):
    return {
        "listed": False,
        "zone": {"kind": kind},
        "mx": [[10, f"mx.{name}"]],
        "records": [f"mx A {address(i, 0)}", f"_25._tcp.mx TLSA 3 1 1 {i:064x}"],
    }


if __name__ == "__main__":
    main()
