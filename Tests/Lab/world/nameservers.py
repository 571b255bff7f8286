# SPDX-License-Identifier: Apache-2.0
"""Configuration of NSD (the authoritative servers) and unbound (the resolver that everybody in the lab asks)."""

RESOLVER = "127.0.0.53"

NSD = """\
server:
  ip-address: {address}
  port: 53
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "/run/lab/world/zones"
  database: ""
  pidfile: "/run/lab/nsd/{name}.pid"
  xfrdfile: "/run/lab/nsd/{name}.xfrd"
  xfrdir: "/run/lab/nsd"
  zonelistfile: "/run/lab/nsd/{name}.list"
  logfile: "/run/lab/log/nsd-{name}.log"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
"""

ZONE = """\
zone:
  name: "{name}"
  zonefile: "{file}.zone"
"""

# The resolver refuses to ask 127/8 unless told to; everything in the lab lives there. It wants a second try: a server
# whose answer lacks signatures is "DNSSEC lame" at the first, and only asked again are such data passed on.
UNBOUND = """\
server:
  interface: {resolver}
  port: 53
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  use-syslog: no
  logfile: "/run/lab/log/unbound.log"
  pidfile: "/run/lab/unbound.pid"
  username: ""
  chroot: ""
  directory: "/run/lab"
  num-threads: 1
  so-rcvbuf: 0
  so-sndbuf: 0
  do-not-query-localhost: no
  module-config: "validator iterator"
  root-hints: "/run/lab/world/root.hints"
  trust-anchor-file: "/run/lab/world/root.ds"
  trust-anchor-signaling: no
  ede: yes
  val-log-level: 2
  outbound-msg-retry: 2
  unknown-server-time-limit: 50
remote-control:
  control-enable: no
"""

HINTS = """\
. 3600 NS ns.root.
ns.root. 3600 A {root}
"""


def write(served, directory, root):
    for address, zones in served.items():
        name = f"{address}"
        text = NSD.format(address=address, name=name)
        text += "".join(ZONE.format(name=zone, file="root" if zone == "." else zone) for zone in zones)
        (directory / f"nsd-{address}.conf").write_text(text)
    (directory / "unbound.conf").write_text(UNBOUND.format(resolver=RESOLVER))
    (directory / "root.hints").write_text(HINTS.format(root=root))
