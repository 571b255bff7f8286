# SPDX-License-Identifier: Apache-2.0
"""What stands between the resolver and the name servers and changes answers on their way, one function a manner.

Each takes the response, an `ask(name, type)` to the same name server, the same to its parent's, the zone, and a source of
randomness that is the same each time the question comes.
"""

import json
import random as randomness
import select
import socket
import sys

import wire
from message import Message, Record

DENIAL = {47, 50}
LARGE = 65_000
MANNERS = {}


def manner(function):
    MANNERS[function.__name__] = function
    return function


def denials(message):
    return [record for record in message.authority if record.covers() in DENIAL]


def other(ask, zone, random):
    """The response to a question nearby."""
    word = random.choice(["0", "zzzz", "nothing", "q.www", "www", "mx", "x.w", "c1", "a.b", "*", "d1", "z.d1"])
    name = random.choice([zone, wire.child(word, zone), wire.child(word, zone)])
    return ask(name, wire.TYPES[random.choice(["A", "TXT", "MX", "TLSA", "DS"])])


@manner
def no_denials(message, ask, above, zone, random):
    message.sections[1] = [record for record in message.authority if record.covers() not in DENIAL]


@manner
def one_denial_missing(message, ask, above, zone, random):
    owners = sorted({record.owner for record in denials(message)})
    if owners:
        gone = random.choice(owners)
        message.sections[1] = [r for r in message.authority if r.covers() not in DENIAL or r.owner != gone]


@manner
def unsigned_authority(message, ask, above, zone, random):
    message.sections[1] = [record for record in message.authority if record.type != 46]


@manner
def unsigned_answer(message, ask, above, zone, random):
    message.sections[0] = [record for record in message.answer if record.type != 46]


@manner
def other_rcode(message, ask, above, zone, random):
    message.flags ^= 3


@manner
def other_proof(message, ask, above, zone, random):
    message.sections[1] = [r for r in message.authority if r.covers() not in DENIAL] + denials(other(ask, zone, random))


@manner
def more_proofs(message, ask, above, zone, random):
    message.sections[1] += denials(other(ask, zone, random))


@manner
def other_answer(message, ask, above, zone, random):
    """A replay under another name: of a wildcard it may even verify."""
    donor = ask(wire.child(random.choice(["q.w", "x.w", "q", "www", "*", "*.w"]), zone), message.type)
    message.sections[0] = donor.answer
    for record in message.answer:
        record.owner = message.name
    message.flags &= ~15
    if random.random() < 0.5:
        message.sections[1] = donor.authority


@manner
def denied(message, ask, above, zone, random):
    """What is there is said not to be, with the proof for another name or type."""
    donor = other(ask, zone, random)
    if not donor.answer:
        message.sections[:2] = donor.sections[:2]
        message.flags = message.flags & ~15 | donor.rcode


@manner
def parents_proof(message, ask, above, zone, random):
    """The delegation's NSEC, seen from above, is no proof of what the child has not (RFC 6840 section 4.4)."""
    proof = denials(above(zone, wire.TYPES["DS"])) or denials(above(wire.child("zzz", zone), wire.TYPES["A"]))
    message.sections[0] = []
    message.sections[1] = [r for r in message.authority if r.covers() == 6] + proof
    message.flags &= ~15
    if not message.sections[1]:
        message.sections[1] = ask(zone, 99).authority


@manner
def no_soa(message, ask, above, zone, random):
    message.sections[1] = [record for record in message.authority if record.covers() != 6]


@manner
def nothing_at_all(message, ask, above, zone, random):
    message.sections[:2] = [[], []]
    message.flags = message.flags & ~15 | random.choice([0, 3])


@manner
def cname_left_out(message, ask, above, zone, random):
    message.sections[0] = [record for record in message.answer if record.covers() != 5]


@manner
def cname_changed(message, ask, above, zone, random):
    for record in message.answer:
        if record.type == 5:
            record.rdata = wire.name_octets(wire.child("mx", random.choice([zone, "t1.", "z9.t2."])))


@manner
def cname_invented(message, ask, above, zone, random):
    target = wire.child(random.choice(["www", "mx"]), random.choice([zone, "t7.", "z12.t7."]))
    message.sections[0] = [Record(message.name, 5, 1, 300, wire.name_octets(target))]
    message.flags &= ~15


@manner
def other_ttls(message, ask, above, zone, random):
    ttl = random.choice([0, 1, 86_400, 2**31 - 1, 2**31, 2**32 - 1])
    for record in message.answer + message.authority:
        record.ttl = ttl


@manner
def doubled(message, ask, above, zone, random):
    """Harmless: everything twice, in any order, names in upper case."""
    for section in message.sections[:2]:
        section += section[:]
        random.shuffle(section)
        for record in section:
            record.owner = record.owner.upper() if random.random() < 0.5 else record.owner


@manner
def authority_unsigned_ns(message, ask, above, zone, random):
    """Harmless or not: records that nobody asked for."""
    message.sections[1] += ask(zone, wire.TYPES["NS"]).answer[:1]


def main():
    """tampering.py PLAN: PLAN is {"seed", "zones": {zone: manner}, "servers": [[front, behind], ...] by depth}."""
    plan = json.load(open(sys.argv[1], encoding="ascii"))
    backs, fronts = [], {}
    for depth, (front, behind) in enumerate(plan["servers"]):
        back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        back.connect((behind, 53))
        back.settimeout(2)
        backs.append(back)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((front, 53))
        fronts[udp] = depth
    while True:
        for udp in select.select(list(fronts), [], [])[0]:
            query, client = udp.recvfrom(65_535)
            try:
                udp.sendto(reply(plan, backs, fronts[udp], query), client)
            except (TimeoutError, OSError) as error:
                print(f"tampering: {error}", file=sys.stderr)


def exchange(back, query):
    back.send(query)
    while True:
        octets = back.recv(65_535)
        if octets[:2] == query[:2]:
            return octets


def reply(plan, backs, depth, query):
    # Nothing is cut short here: the resolver takes what is more than it said.
    asked = Message(query)
    octets = exchange(backs[depth], wire.query(asked.name, asked.type, asked.id, False, LARGE))
    zone = ".".join(wire.labels(asked.name)[-depth:]) + "." if depth else "."
    chosen = plan["zones"].get(zone)
    if not chosen or asked.type == wire.TYPES["DNSKEY"]:
        return octets
    random = randomness.Random(f"{plan['seed']} {asked.name} {asked.type}")
    if asked.type in (wire.TYPES["DS"], wire.TYPES["NS"]) and random.random() < 0.7:
        return octets
    message = Message(octets)
    if not message.flags & 0x0400:  # referrals stay what they are
        return octets

    def ask_at(at):
        return lambda name, number: Message(exchange(backs[at], wire.query(name, number, 7, False, LARGE)))

    MANNERS[chosen](message, ask_at(depth), ask_at(max(0, depth - 1)), zone, random)
    return message.octets()


if __name__ == "__main__":
    main()
