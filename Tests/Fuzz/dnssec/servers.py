# SPDX-License-Identifier: Apache-2.0
"""NSD, one for each depth of the tree; what tampers before them; unbound, that asks and judges."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import tampering
import wire
from world import SERVERS

HERE = Path(__file__).resolve().parent
BINARIES = HERE.parents[2] / ".lab/root/usr/sbin"
RESOLVER = "127.0.0.53"
BEHIND = ["127.0.1.10", "127.0.1.11", "127.0.1.12", "127.0.1.13", "127.0.1.14"]

NSD = """\
server:
  ip-address: {address}
  port: 53
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/{address}.pid"
  xfrdfile: "{folder}/{address}.xfrd"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/{address}.list"
  logfile: "{folder}/{address}.log"
  ipv4-edns-size: 65000
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
"""

UNBOUND = """\
server:
  interface: {address}
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  use-syslog: no
  logfile: "{folder}/unbound-{address}.log"
  pidfile: "{folder}/unbound-{address}.pid"
  username: ""
  chroot: ""
  directory: "{folder}"
  num-threads: 1
  so-rcvbuf: 0
  so-sndbuf: 0
  do-ip6: no
  do-not-query-localhost: no
  module-config: "validator iterator"
  root-hints: "{folder}/root.hints"
  trust-anchor-file: "{folder}/root.ds"
  trust-anchor-signaling: no
  ede: yes
  val-log-level: 2
  aggressive-nsec: {aggressive}
  outbound-msg-retry: 2
  unknown-server-time-limit: 200
  msg-buffer-size: 65552
remote-control:
  control-enable: no
"""


class Servers:
    """A world on the air."""

    def __init__(self, world, manners, folder):
        self.world, self.folder, self.processes = world, folder, []
        self.write_zones()
        for depth, address in enumerate(BEHIND):
            self.start(BINARIES / "nsd", "-d", "-c", f"{folder}/nsd-{depth}.conf")
        plan = {"seed": world.seed, "zones": manners, "servers": list(zip(SERVERS, BEHIND))}
        (folder / "plan.json").write_text(json.dumps(plan))
        self.start(sys.executable, "-B", tampering.__file__, f"{folder}/plan.json")
        for depth in range(len(SERVERS)):
            wait_for(SERVERS[depth])
        self.resolver = self.start_resolver(RESOLVER)

    def start(self, *command):
        with open(self.folder / "errors", "ab") as errors:
            self.processes.append(subprocess.Popen(list(map(str, command)), stdout=errors, stderr=errors))
        return self.processes[-1]

    def start_resolver(self, address):
        aggressive = "yes" if self.world.seed % 2 else "no"
        path = self.folder / f"unbound-{address}.conf"
        path.write_text(UNBOUND.format(address=address, folder=self.folder, aggressive=aggressive))
        process = self.start(BINARIES / "unbound", "-d", "-c", path)
        wait_for(address)
        return process

    def write_zones(self):
        texts = [NSD.format(address=address, folder=self.folder) for address in BEHIND]
        for index, (name, zone) in enumerate(self.world.zones.items()):
            zone.write(self.folder / f"zone-{index}")
            depth = len(wire.labels(name))
            texts[depth] += f'zone:\n  name: "{name}"\n  zonefile: "zone-{index}"\n'
        for depth, text in enumerate(texts):
            (self.folder / f"nsd-{depth}.conf").write_text(text)
        (self.folder / "root.hints").write_text(f". 3600 NS ns0.srv.\nns0.srv. 3600 A {SERVERS[0]}\n")
        (self.folder / "root.ds").write_text(self.anchor())

    def anchor(self):
        rdata = self.world.zones["."].ds([2])[0]
        tag = int.from_bytes(rdata[:2], "big")
        return f". 3600 IN DS {tag} {rdata[2]} {rdata[3]} {rdata[4:].hex()}\n"

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(address):
    """Until something answers there, whatever it says."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(0.2)
        for _ in range(300):
            try:
                udp.sendto(wire.query("ready.invalid.", 1, 1, True), (address, 53))
                udp.recv(65_535)
                return
            except OSError:
                time.sleep(0.05)
    raise RuntimeError(f"nothing answers at {address}")
