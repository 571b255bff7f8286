# SPDX-License-Identifier: Apache-2.0
"""The domains of the world and their mail hosts, one after another: a function of the seed and the shares in law.py."""

import bisect
import itertools
import random

import law


class Host:
    """A mail host: where its name is, what it resolves to, and how each address behaves."""

    __slots__ = ("name", "zone", "secure", "state", "v4", "v6", "tlsa", "is_counted")

    def __init__(self, name, zone, secure, state="v4", v4=(), v6=(), tlsa="none"):
        self.name, self.zone, self.secure, self.state = name, zone, secure, state
        self.v4, self.v6 = v4, v6  # (last 24 bits of 10/8 or of its IPv6 twin, behaviour)
        self.tlsa = tlsa
        self.is_counted = False

    @property
    def endpoints(self):
        return [*self.v4, *self.v6]


class Domain:
    """A domain: its name, its zone with its kind, the shape of its MX answer, its hosts by preference."""

    __slots__ = ("name", "zone", "kind", "shape", "hosts")

    def __init__(self, name, zone, kind, shape):
        self.name, self.zone, self.kind, self.shape = name, zone, kind, shape
        self.hosts = []  # (preference, Host)


class Choice:
    """Picks words by their shares."""

    def __init__(self, shares, dice):
        self.words = [word for word, _ in shares]
        self.bounds = list(itertools.accumulate(share for _, share in shares))
        self.dice = dice

    def __call__(self):
        place = bisect.bisect_right(self.bounds, self.dice.random() * self.bounds[-1])
        return self.words[min(place, len(self.words) - 1)]


def ipv4(number):
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def ipv6(number):
    """The same last octets, so that the responder finds the behaviour in them."""
    return f"fd00:6d78::a{number >> 16:02x}:{number & 0xFFFF:x}"


class World:
    """All of it. `domains()` may be called once."""

    def __init__(self, count, seed, black_holes=None, only=None, own=law.OWN):
        self.count = count
        self.dice = random.Random(f"world {seed} {count}")
        self.zones = law.wide_zone_count(count)
        signed = max(1, round(self.zones * law.WIDE_SIGNED))
        self.wide = [(f"s{i:03}", "secure") for i in range(signed)]
        self.wide += [(f"w{i:03}", "insecure") for i in range(self.zones - signed)]
        self.host_zones = max(8, self.zones // 2)
        self.signed_host_zones = max(1, round(self.host_zones * law.HOST_ZONES_SIGNED))
        behaviours = [(only, 1)] if only else law.own_behaviours(black_holes)
        self.own_behaviour = Choice(behaviours, self.dice)
        self.shape = Choice(law.SHAPES, self.dice)
        self.flaw = Choice(law.ADDRESS_FLAWS, self.dice)
        self.tlsa = Choice(law.TLSA, self.dice)
        self.mx_count = Choice(law.MX_COUNT, self.dice)
        self.delegated_kind = Choice(law.DELEGATED_KINDS, self.dice)
        self.provider = Choice(
            [(rank, (rank + 1 + law.SHIFT) ** -law.EXPONENT) for rank in range(law.PROVIDERS)], self.dice
        )
        self.only, self.own = only, own
        self.providers = {}
        self.next_address = {word: first << 16 for word, (first, _) in law.BEHAVIOURS.items()}
        self.shared = [self.new_address("good") for _ in range(max(4, count // 200))]
        self.delegated = 0

    def domains(self):
        for number in range(self.count):
            yield self.new_domain(number)

    def new_address(self, behaviour):
        number = self.next_address[behaviour]
        if number >= law.BEHAVIOURS[behaviour][1] << 16:
            raise SystemExit(f"world: no addresses left for {behaviour}: give it more second octets in law.py")
        self.next_address[behaviour] += 1
        return number

    def host_zone(self, number):
        zone = number % self.host_zones
        return f"h{zone:03}", zone < self.signed_host_zones

    def new_domain(self, number):
        chance = self.dice.random()
        if chance < law.DELEGATED and self.delegated < law.MOST_DELEGATED:
            self.delegated += 1
            domain = Domain(f"d{number}.z", f"d{number}.z", self.delegated_kind(), "explicit")
            if domain.kind == "lame":
                domain.shape = "unknown"
        elif chance > 1 - law.UNREACHABLE:
            return Domain(f"d{number}.dark", "dark", "unreachable", "unknown")
        else:
            zone, kind = self.wide[self.dice.randrange(self.zones)]
            domain = Domain(f"d{number}.{zone}", zone, kind, self.shape())
        if domain.kind == "bogus":
            domain.shape = "unknown"
        if domain.shape == "implicit":
            # The domain is its own host, so it lives in the domain's zone and its certificate bears the domain's name.
            host = Host(domain.name, domain.zone, domain.kind == "secure")
            host.v4 = ((self.new_address("good"), "good"),)
            domain.hosts = [(0, host)]
        elif domain.shape in ("explicit", "null_mx_mixed"):
            domain.hosts = self.exchanges(domain, number)
        return domain

    def exchanges(self, domain, number):
        rank = self.provider()
        if self.dice.random() >= self.own and not self.only:
            return self.provider_exchanges(rank, number)
        hosts = [(10, self.own_host(domain, number))]
        if self.mx_count() > 1 and not self.only:  # a provider's host stands by
            hosts.append((20, self.hosts_of_provider(rank)[0]))
        return hosts

    def own_host(self, domain, number):
        if domain.zone == domain.name:
            name, zone, secure = f"mx.{domain.name}", domain.zone, domain.kind == "secure"
        else:
            zone, secure = self.host_zone(number)
            name = f"mx.o{number}.{zone}"
        behaviour = self.own_behaviour()
        state = "v4" if self.only else self.flaw()
        host = Host(name, zone, secure, state)
        if state in ("nxdomain", "nodata"):
            return host
        if behaviour == "good" and not self.only and self.dice.random() < law.SHARED_ADDRESS:
            address = self.shared[self.dice.randrange(len(self.shared))]
        else:
            address = self.new_address(behaviour)
        # Black holes and unreachable networks are of IPv4 alone, and a host that remembers visitors has one address.
        if behaviour in ("black_hole", "dead", "greylist", "throttle") and state in ("both", "v6_only"):
            host.state = state = "v4"
        if state != "v6_only":
            host.v4 = ((address, behaviour),)
        if state in ("both", "v6_only"):
            host.v6 = ((self.new_address(behaviour), behaviour),)
        if secure:
            host.tlsa = self.tlsa()
        return host

    def provider_exchanges(self, rank, number):
        hosts = self.hosts_of_provider(rank)
        if rank in law.TENANT_RANKS:
            first = hosts[0]
            name = f"t{number}.{first.name.split('.', 1)[1]}"
            addresses = (hosts[number % len(hosts)].v4)[:2]
            return [(10, Host(name, first.zone, first.secure, v4=addresses, tlsa=first.tlsa))]
        count = min(len(hosts), self.mx_count())
        # Some give all their hosts one preference.
        return [(10 if rank % 3 == 0 else 10 * (place + 1), hosts[place]) for place in range(count)]

    def hosts_of_provider(self, rank):
        if rank not in self.providers:
            self.providers[rank] = self.new_provider(rank)
        return self.providers[rank]

    def new_provider(self, rank):
        """The same for every size of the world but for the addresses."""
        dice = random.Random(f"provider {rank}")
        behaviour = "good" if rank < 10 else Choice(law.PROVIDER_BEHAVIOURS, dice)()
        zone, secure = self.host_zone(rank)
        tlsa = Choice(law.TLSA, dice)() if secure else "none"
        hosts, addresses = (5, 4) if rank < 20 else (4, 2) if rank < 200 else (2, 1)
        has_ipv6 = dice.random() < 0.3
        return [
            Host(
                f"mx{place + 1}.p{rank}.{zone}",
                zone,
                secure,
                state="both" if has_ipv6 else "v4",
                v4=tuple((self.new_address(behaviour), behaviour) for _ in range(addresses)),
                v6=((self.new_address(behaviour), behaviour),) if has_ipv6 else (),
                tlsa=tlsa,
            )
            for place in range(hosts)
        ]
