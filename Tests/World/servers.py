# SPDX-License-Identifier: Apache-2.0
"""The servers of a world, inside the lab: started, asked whether they answer, and put out of order on purpose."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import dns.flags
import dns.message
import dns.query

import law
from zones import RESOLVER

RUN = Path("/run/lab/world-run")
PATH = {**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
SECONDS_TO_ANSWER = 600  # a name server reads five million names at first
SYSCTLS = {
    "net/core/somaxconn": "65535",
    "net/ipv4/tcp_max_syn_backlog": "262144",
    "net/ipv4/ip_local_port_range": "1024 65535",
    "net/ipv4/tcp_max_tw_buckets": "400000",
    "net/ipv4/tcp_tw_reuse": "1",
}


class Servers:
    """All processes of one world. Ends them when the `with` block ends."""

    def __init__(self, world, responder):
        self.world, self.responder = Path(world), responder
        self.processes = {}
        self.state_file = RUN / "responder.json"

    def __enter__(self):
        RUN.mkdir(exist_ok=True)
        self.open_network()
        for name in ("root", "top", "below", "nobody"):
            self.spawn(f"nsd-{name}", ["nsd", "-d", "-c", self.world / f"nsd-{name}.conf"])
        self.start_resolver()
        behaviours = "".join(f"{word} {first} {last}\n" for word, (first, last) in law.BEHAVIOURS.items())
        (self.world / "behaviours").write_text(behaviours)
        self.spawn("responder", [self.responder, self.world, self.state_file])
        self.wait()
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait()

    def open_network(self):
        """10.0/9 is this machine; of the rest some swallows every packet, and some has no route."""
        for name, value in SYSCTLS.items():
            try:
                Path("/proc/sys", name).write_text(value)
            except OSError:
                pass  # an ordinary user's namespace lacks some; the defaults do for small worlds
        ip("route", "replace", "local", "10.0.0.0/9", "dev", "lo")
        # Routed to the loopback and not local there: the kernel takes the packet back and drops it without a word.
        ip("route", "replace", "10.128.0.0/10", "dev", "lo")
        ip("route", "replace", "unreachable", "10.192.0.0/10")
        ip("-6", "route", "replace", "local", "fd00:6d78::/32", "dev", "lo")

    def close_network(self):
        """What 10.0/9 and its IPv6 twin get from now on is dropped."""
        ip("route", "del", "local", "10.0.0.0/9", "dev", "lo")
        ip("route", "replace", "10.0.0.0/9", "dev", "lo")

    def reopen_network(self):
        ip("route", "del", "10.0.0.0/9", "dev", "lo")
        self.open_network()

    def start_resolver(self):
        self.spawn("unbound", ["unbound", "-d", "-p", "-c", self.world / "unbound.conf"])

    def stop_resolver(self):
        process = self.processes.pop("unbound")
        process.terminate()
        process.wait()

    def spawn(self, name, command):
        with open(RUN / f"{name}.out", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=PATH
            )

    def wait(self):
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not (resolves() and greets()):
            dead = [name for name, process in self.processes.items() if process.poll() is not None]
            if dead or time.monotonic() > deadline:
                tails = [f"--- {log.name}\n{log.read_text(errors='replace')[-800:]}" for log in RUN.glob("*.[ol]*")]
                raise SystemExit(f"world: not up: {', '.join(dead) or 'no answer'}\n" + "\n".join(tails))
            time.sleep(0.2)

    def state(self):
        """What the responder has counted so far."""
        self.state_file.unlink(missing_ok=True)
        self.processes["responder"].send_signal(signal.SIGUSR1)
        while not self.state_file.exists():
            time.sleep(0.02)
        return json.loads(self.state_file.read_text())

    def memory_mb(self):
        """What each server holds, in MB."""
        return {name: resident_mb(process.pid) for name, process in self.processes.items()}


def ip(*words):
    subprocess.run(["ip", *words], env=PATH, check=True)


def resolves():
    """The root's SOA with the AD flag, and an answer about the top-level zones."""
    for name, flag in ((".", dns.flags.AD), ("s000.", dns.flags.AD), ("w000.", dns.flags.QR), ("z.", dns.flags.AD)):
        query = dns.message.make_query(name, "SOA", want_dnssec=True)
        try:
            answer = dns.query.udp(query, RESOLVER, timeout=1)
        except (OSError, dns.exception.DNSException):
            return False
        if answer.rcode() != 0 or not answer.flags & flag:
            return False
    return True


def greets():
    try:
        with socket.create_connection(("10.0.255.254", 25), timeout=2) as connection:
            return connection.recv(512).startswith(b"220")
    except OSError:
        return False


def resident_mb(pid):
    """What a process and its children hold now."""
    total = 0
    for each in [pid, *children(pid)]:
        try:
            for line in Path(f"/proc/{each}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        except OSError:
            pass
    return round(total * 1024 / 1e6)


def children(pid):
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
