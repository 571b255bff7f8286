# SPDX-License-Identifier: Apache-2.0
"""What a right scan of the world must count: the metrics of `mxcensus stats`, drawn from the world and not from a scan.

Written after docs/dataset.md and the RFCs, never after the program. Yes, no, unknown and excluded are True, False, None
and EXCLUDED; `greylisted` says which addresses let the scan in after all, which only the responder knows.
"""

import collections
import ipaddress

EXCLUDED = "excluded"
UNKNOWN_SHAPE = "unknown"
HAS_HOSTS = ("explicit", "null_mx_mixed")

# What one visit to an address shows: TCP open, EHLO answered with 250, STARTTLS offered, the handshake completed, its
# version, the chain trusted, the certificate for this host's name. None is unknown, or not reached.
Seen = collections.namedtuple("Seen", "open ehlo offered works version pkix name")
WELL = Seen(True, True, True, True, "1.3", True, True)
SEEN = {
    "good": WELL,
    "slow": WELL,
    "throttle": WELL,
    "tls12": WELL._replace(version="1.2"),
    "no_starttls": Seen(True, True, False, False, None, None, None),
    "expired": WELL._replace(pkix=False),
    "self_signed": WELL._replace(pkix=False, name=False),
    "wrong_name": WELL._replace(name=False),
    "missing_intermediate": WELL._replace(pkix=False),
    "stall_tls": Seen(True, True, True, None, None, None, None),
    "stall_greeting": Seen(True, None, None, None, None, None, None),
    "busy": Seen(True, None, None, None, None, None, None),
    "refuses": Seen(True, False, None, None, None, None, None),
    "starttls_454": Seen(True, True, True, None, None, None, None),
    "starttls_502": Seen(True, True, True, False, None, None, None),
    "alert": Seen(True, True, True, False, None, None, None),
    "black_hole": Seen(False, None, None, None, None, None, None),
    "dead": Seen(False, None, None, None, None, None, None),
}
SHAPES = [
    *("explicit", "null_mx", "null_mx_nonzero_pref", "null_mx_mixed"),
    *("implicit", "none", "nxdomain", "all_targets_invalid"),
]
USABLE = ("ee", "ta", "ee_next", "wrong")


class Truth:
    """Counts units."""

    def __init__(self, greylisted=frozenset()):
        self.counts = collections.defaultdict(collections.Counter)
        self.totals = collections.Counter()
        self.greylisted = greylisted

    def add(self, metric, unit, aggregation, answer):
        self.counts[metric, unit, aggregation][answer] += 1

    def seen(self, address, behaviour):
        if behaviour != "greylist":
            return SEEN[behaviour]
        return WELL if address in self.greylisted else SEEN["busy"]

    def add_domain(self, domain):
        self.totals["domains"] += 1
        is_known = domain.shape != UNKNOWN_SHAPE
        # An answer that fails validation is one all the same, and no good one; as is none.
        self.add("dns.response_rate", "domain", "", is_known)
        for shape in SHAPES:
            self.add(f"mx.shape{{{shape}}}", "domain", "", domain.shape == shape if is_known else None)
        exists = domain.shape != "nxdomain"
        secure = {"secure": True, "insecure": False, "bogus": EXCLUDED}.get(domain.kind)
        bogus = {"secure": False, "insecure": EXCLUDED, "bogus": True}.get(domain.kind)
        self.add("dnssec.mx_secure", "domain", "", secure if exists else EXCLUDED)
        self.add("dnssec.mx_bogus", "domain", "", bogus if exists else EXCLUDED)
        self.add_aggregates(domain, is_known)
        self.add_domain_dane(domain)

    def add_aggregates(self, domain, is_known):
        def add(metric, aggregation, answer):
            applies = answer() if domain.shape in HAS_HOSTS else EXCLUDED
            self.add(metric, "domain", aggregation, applies if is_known else None)

        hosts = [host for _, host in domain.hosts]
        add("ipv6.mx_any", "any", lambda: any(host.v6 for host in hosts))
        add("ipv6.mx_all", "all", lambda: all(host.v6 for host in hosts))
        if domain.shape in HAS_HOSTS:
            everywhere = [seen for host in hosts for seen in self.of_host(host)]
            lowest = min(preference for preference, _ in domain.hosts)
            primary = [
                seen
                for preference, host in domain.hosts
                if preference == lowest
                for seen in self.of_host(host)
                if seen and seen.open
            ]
        for metric, field in (("starttls.offered", "offered"), ("starttls.works", "works")):

            def ask(seen, field=field):
                return getattr(seen, field) if seen else None

            add(metric, "any", lambda: one_of([ask(seen) for seen in everywhere]))
            add(metric, "all", lambda: all_of([ask(seen) for seen in everywhere]))
            add(metric, "primary", lambda: all_of([ask(seen) for seen in primary]))

    def of_host(self, host):
        """What is seen at each endpoint; a host without one cannot be asked."""
        return [self.seen(*endpoint) for endpoint in host.endpoints] or [None]

    def add_host(self, host):
        self.totals["hosts"] += 1
        resolves = bool(host.endpoints)
        self.add("dnssec.host_secure", "mx_host", "", host.secure if resolves else EXCLUDED)
        asked = resolves and host.secure
        self.add("dane.published", "mx_host", "", host.tlsa != "none" if asked else EXCLUDED)
        published = asked and host.tlsa != "none"
        self.add("dane.usable", "mx_host", "", host.tlsa in USABLE if published else EXCLUDED)
        usable = published and host.tlsa in USABLE
        self.add("dane.valid", "mx_host", "", self.host_dane(host) if usable else EXCLUDED)
        if usable:
            self.add("dane.rollover_ready", "mx_host", "", self.rollover(host))
        else:
            self.add("dane.rollover_ready", "mx_host", "", EXCLUDED)
        for address, behaviour in host.endpoints:
            self.add_endpoint(self.seen(address, behaviour), host, usable)

    def add_endpoint(self, seen, host, usable):
        self.totals["endpoints"] += 1
        self.add("smtp.reachable", "endpoint", "", seen.ehlo)
        # Who answered 554 to the connection has not said what it offers, and is no unit of the next rungs.
        self.add("starttls.offered", "endpoint", "", EXCLUDED if seen.ehlo is False else seen.offered)
        self.add("starttls.works", "endpoint", "", EXCLUDED if seen.ehlo is False else seen.works)
        for version in ("1.3", "1.2", "1.1", "1.0"):
            answer = seen.version == version
            self.add(f"tls.version_max{{{version}}}", "endpoint", "", of_handshake(seen, answer))
        self.add("cert.pkix_valid", "endpoint", "", of_handshake(seen, seen.pkix))
        self.add("cert.match_mx", "endpoint", "", of_handshake(seen, seen.name))
        self.add("dane.valid", "endpoint", "", dane_of(seen, host) if usable else EXCLUDED)

    def host_dane(self, host):
        """The worst over the endpoints that accept connections (RFC 7672): False before None before True."""
        seen = [self.seen(*endpoint) for endpoint in host.endpoints]
        accepting = [each for each in seen if each.open] or seen
        return all_of([dane_of(each, host) for each in accepting])

    def rollover(self, host):
        """Whether a second record stands ready; of a host whose certificate nobody saw that is not known."""
        if not any(self.seen(*endpoint).works for endpoint in host.endpoints):
            return None
        return host.tlsa == "ee_next" and any(
            self.seen(*endpoint).works and dane_of(self.seen(*endpoint), host) for endpoint in host.endpoints
        )

    def add_domain_dane(self, domain):
        mail = domain.shape in (*HAS_HOSTS, "implicit")
        if not mail and domain.shape != UNKNOWN_SHAPE:
            valid = failed = EXCLUDED
        elif domain.kind != "secure":
            valid = failed = EXCLUDED
            if domain.shape == UNKNOWN_SHAPE or domain.kind == "unreachable":
                valid, failed = EXCLUDED, None
        else:
            valid, failed = self.domain_dane(domain)
        self.add("dane.valid", "domain", "primary", valid)
        self.add("dane.failed", "domain", "primary", failed)

    def domain_dane(self, domain):
        """(valid, failed) of a secure domain over its primary hosts that accept connections."""
        lowest = min(preference for preference, _ in domain.hosts)
        primary = [host for preference, host in domain.hosts if preference == lowest]
        accepting = [host for host in primary if any(self.seen(*endpoint).open for endpoint in host.endpoints)]
        states = [self.protection(host) for host in accepting or primary]
        if "fails" in states:
            return False, True
        if "unknown" in states:
            return None, None
        if "holds" in states:
            return all(state == "holds" for state in states), False
        return False, EXCLUDED

    def protection(self, host):
        if not host.endpoints:
            return "unknown"  # it leads nowhere, so that nobody can say
        if not host.secure:
            return "insecure"
        if host.tlsa == "none":
            return "none"
        if host.tlsa == "unusable":
            return "unusable"
        return {True: "holds", False: "fails", None: "unknown"}[self.host_dane(host)]


def one_of(answers):
    return True if True in answers else None if not answers or None in answers else False


def all_of(answers):
    return False if False in answers else None if not answers or None in answers else True


def of_handshake(seen, answer):
    if seen.works:
        return answer
    # Unknown where a visit ended early and may end better another time, none of its business where it said no for good.
    return EXCLUDED if seen.works is False or seen.ehlo is False else None


def dane_of(seen, host):
    """Whether the certificate is the one that usable records speak of."""
    if seen.ehlo is False or seen.works is None:
        return None
    if not seen.works:
        return False
    if host.tlsa == "wrong":
        return False
    return is_trusted_by(host.tlsa, seen)


def is_trusted_by(tlsa, seen):
    # 3 1 1 is about the key, which all hosts of the world share but those that sign for themselves; names and dates do
    # not count (RFC 7672 §3.1.1). 2 1 1 is about the issuer, and the path, dates and name must hold (§3.1.2).
    if tlsa in ("ee", "ee_next"):
        return True
    return bool(seen.pkix and seen.name)


def stateful(hosts):
    return any(behaviour == "greylist" for host in hosts for _, behaviour in host.endpoints)


def number_of(address):
    """The last 24 bits of an address as text: those that say how it behaves."""
    return int(ipaddress.ip_address(address)) & 0xFFFFFF


ANSWERS = {True: "yes", False: "no", None: "unknown", EXCLUDED: "excluded"}


def rows(truth):
    return {
        " ".join(key).strip(): {ANSWERS[answer]: count for answer, count in counter.items()}
        for key, counter in truth.counts.items()
    }
