#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""replay.py [--commands] [--ad] [--tcp] FILE...: recursive resolvers that say what vector files say, and no more.

Each case has a resolver of its own, on UDP and TCP of one port of 127.0.0.1. The first line of output is a JSON list of
these ports, in the order of the files and of their cases. It ends when its standard input does.

--commands prints for each case the command that asks its question, to be tried by hand.
--ad sets AD (RFC 4035 section 3.2.3) in every answer: whoever validates must not care.
--tcp answers nothing over UDP but TC (RFC 7766 section 5).

A file is {"cases": [{"id", "time", "trust_anchors", "query": {"name", "type"}, "exchanges": [...]}]}; an exchange is the
name and the type of a question and in "wire" the answer, base64, with id 0.
"""

import argparse
import base64
import json
import selectors
import socket
import struct
import sys
import time

HEADER = struct.Struct("!HHHHHH")
QR_RD_RA, AD, TC, SERVFAIL, OPT, BARE_UDP = 0x8180, 0x0020, 0x0200, 2, 41, 512


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--commands", action="store_true")
    parser.add_argument("--ad", action="store_true")
    parser.add_argument("--tcp", action="store_true")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    cases = [case for path in options.files for case in json.load(open(path, encoding="utf-8"))["cases"]]
    loop = selectors.DefaultSelector()
    loop.register(sys.stdin, selectors.EVENT_READ, None)
    ports = [listen(loop, Replies(case["exchanges"], options)) for case in cases]
    print(json.dumps(ports), flush=True)
    for port, case in zip(ports, cases) if options.commands else []:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(case["time"]))
        print(
            f"mxcensus resolve {case['query']['name']} {case['query']['type']} --resolver 127.0.0.1:{port}"
            f" --time {moment} --trust-anchor <(echo '{'; echo '.join(case['trust_anchors'])}')  # {case['id']}"
        )
    sys.stdout.flush()
    serve(loop)


class Replies:
    """What one resolver answers."""

    def __init__(self, exchanges, options):
        self.known = {}
        for exchange in exchanges:
            wire = base64.b64decode(exchange["wire"])
            self.known[question(wire)] = wire
        self.options = options

    def to(self, query, over_udp):
        """The bytes of the answer; None for what is no query."""
        asked = question(query)
        if asked is None:
            return None
        wire = self.known.get(asked)
        if wire is None:
            return self.header(query, QR_RD_RA | SERVFAIL) + asked_octets(query)
        flags = HEADER.unpack_from(wire)[1] | (AD if self.options.ad else 0)
        if over_udp and (self.options.tcp or len(wire) > payload_size(query)):
            return self.header(query, flags | TC) + asked_octets(query)
        # The question goes back octet by octet, so that a client that plays with upper case sees its own.
        end = HEADER.size + len(asked_octets(query))
        return query[:2] + struct.pack("!H", flags) + wire[4 : HEADER.size] + asked_octets(query) + wire[end:]

    @staticmethod
    def header(query, flags):
        return query[:2] + struct.pack("!HHHHH", flags, 1, 0, 0, 0)


def question(wire):
    """(name, type) of a message with one question, the name in lower case; None for anything else."""
    octets = asked_octets(wire)
    if octets is None:
        return None
    return octets[:-4].lower(), octets[-4:-2]


def asked_octets(wire):
    if len(wire) < HEADER.size or HEADER.unpack_from(wire)[2] != 1:
        return None
    at = HEADER.size
    while at < len(wire) and 0 < wire[at] < 64:
        at += wire[at] + 1
    return wire[HEADER.size : at + 5] if at + 5 <= len(wire) and wire[at] == 0 else None


def payload_size(query):
    """What the client says it can take (RFC 6891 section 6.2.3): the OPT record is all that follows the question."""
    at = HEADER.size + len(asked_octets(query))
    if HEADER.unpack_from(query)[5] == 0 or len(query) < at + 11:
        return BARE_UDP
    kind, size = struct.unpack_from("!HH", query, at + 1)
    return max(size, BARE_UDP) if kind == OPT else BARE_UDP


def listen(loop, replies):
    """Opens UDP and TCP on one port, which may take some tries: what is free for one may not be for the other."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.bind(udp.getsockname())
            tcp.listen()
            break
        except OSError:
            udp.close()
            tcp.close()
    loop.register(udp, selectors.EVENT_READ, lambda: answer_datagram(udp, replies))
    loop.register(tcp, selectors.EVENT_READ, lambda: accept(loop, tcp, replies))
    return udp.getsockname()[1]


def answer_datagram(udp, replies):
    query, client = udp.recvfrom(65_535)
    reply = replies.to(query, over_udp=True)
    if reply is not None:
        udp.sendto(reply, client)


def accept(loop, tcp, replies):
    stream, _ = tcp.accept()
    received = bytearray()
    loop.register(stream, selectors.EVENT_READ, lambda: answer_stream(loop, stream, received, replies))


def answer_stream(loop, stream, received, replies):
    """Messages behind their length (RFC 1035 section 4.2.2), as many as come."""
    try:
        octets = stream.recv(65_536)
    except ConnectionError:
        octets = b""
    if not octets:
        loop.unregister(stream)
        stream.close()
        return
    received += octets
    while len(received) >= 2 and len(received) >= 2 + int.from_bytes(received[:2], "big"):
        length = int.from_bytes(received[:2], "big")
        reply = replies.to(bytes(received[2 : 2 + length]), over_udp=False)
        del received[: 2 + length]
        if reply is not None:
            stream.sendall(struct.pack("!H", len(reply)) + reply)


def serve(loop):
    while True:
        for key, _ in loop.select():
            if key.data:
                key.data()
            elif not sys.stdin.readline():
                return


if __name__ == "__main__":
    main()
