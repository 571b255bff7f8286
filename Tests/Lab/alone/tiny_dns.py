# SPDX-License-Identifier: Apache-2.0
"""tiny_dns.py ADDRESS PORT RECORDS...: answers over UDP what it is told, NXDOMAIN for everything else.

A record is `name/TYPE/value` with TYPE A, PTR or NULLMX (no value). After `fail=N/name/TYPE`, the first N questions for it
are answered with SERVFAIL. Says `ready` when it listens. Without DNSSEC: for tests with --dnssec off.
"""
import socket
import struct
import sys

TYPES = {"A": 1, "PTR": 12, "NULLMX": 15}


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def rdata(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    return wire(value) if kind == "PTR" else b"\0\0\0"


def question(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
        at += query[at] + 1
    return ".".join(labels), struct.unpack("!H", query[at + 1:at + 3])[0], at + 5


def answer(query, records, failures):
    name, kind, end = question(query)
    known = [data for key, data in records if key == (name, kind)]
    exists = name == "" or any(key[0] == name for key, _ in records)
    code = 0 if exists else 3
    if failures.get((name, kind), 0) > 0:
        failures[(name, kind)] -= 1
        known, code = [], 2
    head = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(known), 0, 0)
    body = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for data in known)
    return head + query[12:end] + body


def main(address, port, texts):
    records, failures = [], {}
    for text in texts:
        times, _, rest = text.removeprefix("fail=").partition("/") if text.startswith("fail=") else ("0", "", text)
        name, kind, value = (rest + "/").split("/")[:3]
        if text.startswith("fail="):
            failures[(name, TYPES[kind])] = int(times)
        else:
            records.append(((name, TYPES[kind]), rdata(kind, value)))
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, port))
    print("ready", flush=True)
    while True:
        query, client = server.recvfrom(4096)
        server.sendto(answer(query, records, failures), client)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
