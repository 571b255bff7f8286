# SPDX-License-Identifier: Apache-2.0
"""Zone files of the world: a root, wide zones, 20,000 delegated ones at most; and the name servers' configurations.

Three servers, so that each answers for its own level: the root, the top-level zones, and all that is delegated below `z`.
`sign_zones` signs what is to be signed, children first, and says which DS records belong into their parents.
"""

import contextlib
import subprocess

import model

ROOT, TOP, BELOW, RESOLVER = "127.1.0.10", "127.1.0.11", "127.1.0.12", "127.1.0.53"
NOBODY = "127.1.0.99"  # a server for lame delegations: it knows no zone and refuses
DARK = "10.191.255.53"  # swallows every packet
SOA = "SOA ns.{0} hostmaster.{0} 1 3600 600 86400 600"
HEAD = "$ORIGIN {origin}\n$TTL 3600\n@ {soa}\n@ NS {server}\n"

NSD = """\
server:
  ip-address: {addresses}
  port: 53
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{zones}"
  database: ""
  pidfile: "{folder}/nsd-{name}.pid"
  xfrdfile: "{folder}/nsd-{name}.xfrd"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/nsd-{name}.list"
  logfile: "{folder}/nsd-{name}.log"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
"""
UNBOUND = """\
server:
  interface: {resolver}
  port: 53
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  use-syslog: no
  logfile: "{folder}/unbound.log"
  pidfile: "{folder}/unbound.pid"
  username: ""
  chroot: ""
  directory: "{folder}"
  num-threads: 1
  do-not-query-localhost: no
  module-config: "validator iterator"
  root-hints: "{world}/root.hints"
  trust-anchor-file: "{world}/root.ds"
  trust-anchor-signaling: no
  ede: yes
  outgoing-range: 4096
  num-queries-per-thread: 4096
  so-rcvbuf: 0
  so-sndbuf: 0
  msg-cache-size: 64m
  rrset-cache-size: 128m
  key-cache-size: 32m
  infra-cache-numhosts: 50000
  unknown-server-time-limit: 50
remote-control:
  control-enable: no
"""


class Zones:
    """Takes domains and hosts one by one and writes each record where it belongs."""

    def __init__(self, folder, world, digests):
        self.folder = folder
        folder.mkdir(parents=True)
        self.files = contextlib.ExitStack()
        self.key, self.issuer = digests
        self.wide = {}
        kinds = [*world.wide, *((f"h{i:03}", "secure") for i in range(world.signed_host_zones))]
        kinds += [(f"h{i:03}", "insecure") for i in range(world.signed_host_zones, world.host_zones)]
        self.modes = {}
        for place, (zone, kind) in enumerate(kinds):
            self.open(zone)
            self.modes[zone] = "none" if kind == "insecure" else "nsec3" if place % 2 else "nsec"
        self.open("z")
        self.below = []  # (zone, mode)
        self.text = {}  # of the delegated zone that is being written

    def open(self, zone):
        self.wide[zone] = self.files.enter_context(open(self.folder / f"{zone}.zone", "w", encoding="ascii"))
        self.wide[zone].write(HEAD.format(origin=f"{zone}.", soa=SOA.format(f"{zone}."), server="ns.top."))

    def add_domain(self, domain):
        if domain.kind == "unreachable":
            return
        if domain.zone == domain.name:
            self.delegate(domain)
        elif domain.shape != "nxdomain":
            self.write(domain.zone, f"{domain.name}.", self.mail(domain))

    def delegate(self, domain):
        z = self.wide["z"]
        label = domain.name.split(".")[0]
        z.write(f"{label} NS {'lame.top.' if domain.kind == 'lame' else 'below.top.'}\n")
        if domain.kind == "lame":
            return
        self.below.append((domain.name, {"secure": "nsec", "bogus": "expired"}.get(domain.kind, "none")))
        with open(self.folder / f"{domain.name}.zone", "w", encoding="ascii") as file:
            origin = f"{domain.name}."
            file.write(HEAD.format(origin=origin, soa=SOA.format(origin), server="below.top."))
            for record in self.mail(domain):
                file.write(f"@ {record}\n")
            for _, host in domain.hosts:
                if host.zone == domain.name:
                    file.writelines(f"{owner} {record}\n" for owner, record in self.addresses(host))

    def mail(self, domain):
        shape = domain.shape
        if shape in ("explicit", "null_mx_mixed"):
            records = [f"MX {preference} {host.name}." for preference, host in domain.hosts]
            return records + (["MX 0 ."] if shape == "null_mx_mixed" else [])
        if shape == "implicit":
            return [f"A {model.ipv4(number)}" for number, _ in domain.hosts[0][1].v4]
        return {
            "null_mx": ["MX 0 ."],
            "null_mx_nonzero_pref": ["MX 10 ."],
            "all_targets_invalid": ["MX 10 localhost."],
            "none": ['TXT "v=spf1 -all"'],
            "unknown": ["MX 10 mail.unseen.invalid."],
        }[shape]

    def add_host(self, host):
        """Once for each host that has a wide zone; the host of an implicit MX stands with its domain."""
        if host.zone in self.wide and host.zone[0] == "h":
            for owner, record in self.addresses(host):
                self.wide[host.zone].write(f"{owner} {record}\n")

    def addresses(self, host):
        name = f"{host.name}."
        if host.state == "nodata":
            yield name, 'TXT "no address"'
        owner = name
        if host.state == "alias":
            owner = f"a.{name}"
            yield name, f"CNAME {owner}"
        for number, _ in host.v4:
            yield owner, f"A {model.ipv4(number)}"
        for number, _ in host.v6:
            yield owner, f"AAAA {model.ipv6(number)}"
        records = {
            "ee": [f"3 1 1 {self.key}"],
            "ee_next": [f"3 1 1 {self.key}", f"3 1 1 {'5a' * 32}"],
            "ta": [f"2 1 1 {self.issuer}"],
            "wrong": [f"3 1 1 {'a5' * 32}"],
            "unusable": [f"1 1 1 {self.key}"],
        }
        for data in records.get(host.tlsa, []):
            yield f"_25._tcp.{name}", f"TLSA {data}"

    def write(self, zone, owner, records):
        self.wide[zone].writelines(f"{owner} {record}\n" for record in records)

    def finish(self, signer):
        """Signs all of it and writes the root; returns the DS records of the root."""
        ds = self.sign(signer, self.below)
        self.wide["z"].writelines(f"{line}\n" for line in ds)
        self.files.close()
        self.modes["z"] = "optout"
        ds = self.sign(signer, self.modes.items())
        with open(self.folder / "root.zone", "w", encoding="ascii") as root:
            root.write(HEAD.format(origin=".", soa=SOA.format("root."), server="ns.root."))
            root.write(f"ns.root. A {ROOT}\nns.top. A {TOP}\nbelow.top. A {BELOW}\n")
            root.write(f"lame.top. A {NOBODY}\ndark NS ns.dark.\nns.dark. A {DARK}\n")
            root.writelines(f"{zone} NS ns.top.\n" for zone in self.modes)
            root.writelines(f"{line}\n" for line in ds)
        return self.sign(signer, [("root", "nsec")])

    def sign(self, signer, zones):
        manifest = "".join(f"{zone} {zone}.zone {mode}\n" for zone, mode in zones if mode != "none")
        done = subprocess.run([signer, self.folder], input=manifest, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"world: sign_zones: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def configure(self, world):
        """NSD's and unbound's files. What the servers write beside them goes to /run/lab/world-run, which is not kept."""
        folder = "/run/lab/world-run"
        levels = {
            "root": (ROOT, [(".", "root.zone")]),
            "top": (TOP, [(zone, f"{zone}.zone") for zone in self.modes]),
            "below": (BELOW, [(zone, f"{zone}.zone") for zone, _ in self.below]),
            "nobody": (NOBODY, []),
        }
        for name, (address, zones) in levels.items():
            text = NSD.format(addresses=address, name=name, folder=folder, zones=self.folder)
            text += "".join(f'zone:\n  name: "{zone}"\n  zonefile: "{file}"\n' for zone, file in zones)
            (world / f"nsd-{name}.conf").write_text(text)
        (world / "unbound.conf").write_text(UNBOUND.format(resolver=RESOLVER, folder=folder, world=world))
        (world / "root.hints").write_text(f". 3600 NS ns.root.\nns.root. 3600 A {ROOT}\n")
