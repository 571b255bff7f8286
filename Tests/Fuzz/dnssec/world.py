# SPDX-License-Identifier: Apache-2.0
"""A random internet of zones, all of it from one seed: a root, top-level domains, zones, zones below zones."""

import random as randomness
from dataclasses import dataclass

import damage
import damage_after_signing  # noqa: F401  registers its faults
import damage_before_signing  # noqa: F401
import keys
import wire
from zone import Zone

TLDS = 8
SERVERS = ["127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.14"]  # by the number of labels
WORDS = "a b mail mx www x y z host ns1 _25._tcp.mx _25._tcp.mail a.b.c deep.er.name _dmarc n1 n2 n3".split()


@dataclass
class Plan:
    """What is decided about a zone before anything is made."""

    name: str
    shape: dict
    faults: list
    security: str


class World:
    def __init__(self, seed, size, now):
        self.seed = seed
        self.now = now
        self.random = randomness.Random(seed)
        self.plans = {}
        self.zones = {}
        self.questions = []  # (name, type, zone)
        self.plan_all(size)
        for name in sorted(self.plans, key=lambda name: -len(wire.labels(name))):
            self.make(self.plans[name])

    # Plans.

    def plan_all(self, size):
        random = self.random
        plain = {"denial": "nsec", "iterations": 0, "salt": "", "opt_out": False, "single_key": False}
        plain |= {"algorithms": [13], "digests": [2], "negative_ttl": 60}
        self.plans["."] = Plan(".", plain, [], "secure")
        self.plans["srv."] = Plan("srv.", plain, [], "secure")
        for index in range(TLDS):
            shape = self.random_shape()
            shape["iterations"] = min(shape["iterations"], 100)
            if index < 3:
                shape |= {"denial": "nsec3", "opt_out": index < 2}
            security = "insecure" if index == 7 else "secure"
            self.plans[f"t{index}."] = Plan(f"t{index}.", shape, [], security)
        while len(self.plans) < size:
            above = f"t{random.randrange(TLDS)}."
            if random.random() < 0.35:
                above = random.choice([name for name in self.plans if 1 <= len(wire.labels(name)) <= 3])
            name = wire.child(f"z{len(self.plans)}", above)
            if wire.is_below(name, "srv."):
                continue
            security = random.choices(["secure", "insecure", "island", "lame"], [80, 12, 6, 2])[0]
            faults = [self.random_fault() for _ in range(random.choices([0, 1, 2], [45, 45, 10])[0])]
            self.plans[name] = Plan(name, self.random_shape(), faults, security)

    def random_shape(self):
        random = self.random
        algorithms = random.sample(keys.ALGORITHMS, random.choices([1, 2], [9, 1])[0])
        return {
            "algorithms": algorithms,
            "single_key": random.random() < 0.4,
            "denial": random.choice(["nsec", "nsec3"]),
            "iterations": random.choice([0, 0, 0, 0, 1, 5, 20, 100, 150, 151, 500]),
            "salt": random.choice(["", "", "ab", "deadbeef", "00" * 8, "5a" * 40]),
            "opt_out": random.random() < 0.3,
            "digests": random.choice([[2], [2], [2], [4], [1], [1, 2], [2, 4], [1, 4]]),
            "negative_ttl": random.choice([5, 60, 300]),
        }

    def random_fault(self):
        stage = self.random.choices(list(damage.STAGES), [4, 3, 7, 3])[0]
        return stage, self.random.choice(list(damage.STAGES[stage]))

    # Zones.

    def make(self, plan):
        if plan.security == "lame":
            self.questions += [(wire.child("www", plan.name), "A", plan.name), (plan.name, "MX", plan.name)]
            return
        random = randomness.Random(f"{self.seed} {plan.name}")
        zone = Zone(plan.name, plan.shape, self.now)
        self.zones[plan.name] = zone
        depth = len(wire.labels(plan.name))
        server = f"ns{depth}.srv."
        zone.add(plan.name, "SOA", wire.soa(server, plan.shape["negative_ttl"]))
        zone.add(plan.name, "NS", wire.name_octets(server))
        self.delegate(zone)
        if plan.name in (".", "srv."):
            for index, address in enumerate(SERVERS):
                zone.add(f"ns{index}.srv.", "A", bytes(map(int, address.split("."))))
            if plan.name == ".":
                zone.add("srv.", "NS", wire.name_octets("ns1.srv."))
        elif random.random() < 0.95:
            self.furnish(zone, random)
        if plan.security != "insecure":
            self.sign(zone, plan, random)
        if depth:
            self.ask(zone, random)

    def sign(self, zone, plan, random):
        zone.make_denial()
        self.break_it("denial", zone, plan, random)
        zone.agree_on_parameters()
        zone.make_keys(keys.pool(), random)
        self.break_it("keys", zone, plan, random)
        zone.sign()
        if plan.security != "island":
            zone.delegation_signers = zone.ds(plan.shape["digests"])
        self.break_it("ds", zone.delegation_signers, plan, random)
        self.break_it("signed", zone, plan, random)

    def break_it(self, stage, what, plan, random):
        for when, fault in plan.faults:
            if when == stage and what:
                damage.STAGES[stage][fault](what, random)

    def delegate(self, zone):
        depth = len(wire.labels(zone.name)) + 1
        for name, plan in self.plans.items():
            if name == "." or wire.parent(name) != zone.name:
                continue
            zone.add(name, "NS", wire.name_octets("ns0.srv." if plan.security == "lame" else f"ns{depth}.srv."))
            for rdata in self.zones[name].delegation_signers if name in self.zones else []:
                zone.add(name, "DS", rdata)

    def furnish(self, zone, random):
        """Random records. An alias stands alone (RFC 2181 section 10.1), and nothing stands below a DNAME."""
        here = zone.name
        for word in random.sample(WORDS, random.randint(0, 7)):
            self.add_data(zone, wire.child(word, here), random)
        if random.random() < 0.7:
            self.add_data(zone, here, random)
        for place in ("*", "*.w", "*.a.b"):
            if random.random() < 0.2:
                self.add_data(zone, wire.child(place, here), random)
        for place in ("c1", "c2", "*.cw", "c3"):
            if random.random() < 0.25:
                zone.add(wire.child(place, here), "CNAME", wire.name_octets(self.some_target(zone, random)))
        if random.random() < 0.2:
            zone.add(wire.child("d1", here), "DNAME", wire.name_octets(self.some_target(zone, random)))
        if random.random() < 0.1:
            zone.add(wire.child("ins", here), "NS", wire.name_octets("ns9.srv."))
        if random.random() < 0.03:
            zone.add(wire.child("loop", here), "CNAME", wire.name_octets(wire.child("pool", here)))
            zone.add(wire.child("pool", here), "CNAME", wire.name_octets(wire.child("loop", here)))

    def add_data(self, zone, owner, random):
        for mnemonic in random.sample(["A", "AAAA", "MX", "TXT", "TLSA"], random.randint(1, 3)):
            for _ in range(random.choice([1, 1, 2, 3])):
                zone.add(owner, mnemonic, self.random_rdata(mnemonic, zone, random), random.choice([60, 300, 3_600]))

    def random_rdata(self, mnemonic, zone, random):
        return {
            "A": lambda: random.randbytes(4),
            "AAAA": lambda: random.randbytes(16),
            "MX": lambda: wire.mx(random.randrange(100), self.some_target(zone, random)),
            "TXT": lambda: wire.txt("v=" + "x" * random.choice([1, 10, 200])),
            "TLSA": lambda: b"\x03\x01\x01" + random.randbytes(32),
        }[mnemonic]()

    def some_target(self, zone, random):
        base = random.choice([zone.name, zone.name, random.choice(list(self.plans))])
        return wire.child(random.choice(WORDS + ["c1", "nothing"]), base) if random.random() < 0.9 else base

    # Questions.

    def ask(self, zone, random):
        own = sorted(zone.names())
        every_type = ["A", "AAAA", "MX", "TXT", "TLSA", "CNAME", "DS", "NS", "SOA"]
        existing = [(owner, wire.MNEMONICS[number]) for owner, number in zone.sets if number not in (46, 47, 50, 51)]
        asked = set(random.sample(existing, min(4, len(existing))))
        asked |= {(random.choice(own), random.choice(every_type)) for _ in range(2)}
        strange = ["nothing", "0", "zzzz", "x.w", "q.x.w", "y.cw", "b.c", "c", "er.name", "x.a.b", "q.www", "a.b", "*"]
        strange += ["www.d1", "d1", "x.ins", "ins", "c1", "c2", "loop", "_25._tcp.www", "_tcp.mx", "q.c1"]
        for word in random.sample(strange, 5):
            asked.add((wire.child(word, zone.name), random.choice(["A", "A", "MX", "TLSA", "TXT", "DS", "CNAME"])))
        asked.add((zone.name, random.choice(["DS", "DNSKEY", "NS", "SOA", "MX"])))
        self.questions += sorted((name, mnemonic, zone.name) for name, mnemonic in asked)
