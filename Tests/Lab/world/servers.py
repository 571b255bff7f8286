# SPDX-License-Identifier: Apache-2.0
"""Starts the lab's servers and asks them whether they are there."""

import os
import socket
import subprocess
import threading
from pathlib import Path

import dns.flags
import dns.message
import dns.query

from description import addresses
from nameservers import RESOLVER

WORLD = Path("/run/lab/world")
LOG = Path("/run/lab/log")
REPOSITORY = Path(__file__).resolve().parents[3]
SCRIPTED = REPOSITORY / "Tests/Lab/scripted/server.py"
PYTHON = REPOSITORY / ".lab/venv/bin/python"  # with the TLS stacks that Debian does not have
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "OPENSSL_CONF": str(WORLD / "openssl.cnf")}

POSTFIX_QUEUE = [
    "active",
    "bounce",
    "corrupt",
    "defer",
    "deferred",
    "flush",
    "hold",
    "incoming",
    "private",
    "saved",
    "trace",
]


def start(hosts, https):
    """Starts what the description asks for; returns {name: process} of those that stay in the foreground."""
    processes = {}
    for config in sorted(WORLD.glob("nsd-*.conf")):
        processes[config.stem] = spawn(config.stem, ["nsd", "-d", "-c", config])
    processes["unbound"] = spawn("unbound", ["unbound", "-d", "-p", "-c", WORLD / "unbound.conf"])
    if addresses(hosts, "postfix"):
        prepare_postfix()
        processes["postfix"] = spawn("postfix", ["/usr/lib/postfix/sbin/master", "-d", "-c", WORLD / "postfix"])
    if addresses(hosts, "exim"):
        processes["exim"] = spawn("exim", ["exim4", "-bdf", "-C", WORLD / "exim/exim.conf"])
    if addresses(hosts, "nginx") or https:
        processes["nginx"] = spawn(
            "nginx", ["nginx", "-e", LOG / "nginx.log", "-c", WORLD / "nginx.conf", "-g", "daemon off;"]
        )
    # A host of the web is scripted beside hosts of mail that are, and not by itself: it is the latter that keep it running.
    if addresses(hosts, "scripted"):
        processes["scripted"] = spawn("scripted", [PYTHON, "-B", SCRIPTED, WORLD / "internet.json"])
    return processes


def spawn(name, command):
    with open(LOG / f"{name}.log", "ab") as log:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=ENVIRONMENT,
            start_new_session=True,
            cwd="/run/lab",
        )


def prepare_postfix():
    """The directories that `postfix start` would check, with the owners it would want."""
    import grp
    import pwd

    postfix, postdrop = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
    queue = Path("/run/lab/postfix/queue")
    queue.mkdir(parents=True)
    (queue / "pid").mkdir()
    data = queue.parent / "data"
    data.mkdir(mode=0o700)
    os.chown(data, postfix, -1)
    for name in POSTFIX_QUEUE:
        (queue / name).mkdir(mode=0o700)
        os.chown(queue / name, postfix, -1)
    for name, mode in {"public": 0o710, "maildrop": 0o730}.items():
        (queue / name).mkdir()
        os.chown(queue / name, postfix, postdrop)
        (queue / name).chmod(mode)


def collect_syslog(path):
    """A small /dev/log: Postfix and Exim have nowhere else to tell what went wrong."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind("/dev/log")
    os.chmod("/dev/log", 0o666)

    def write():
        with open(path, "ab", buffering=0) as file:
            while True:
                file.write(receiver.recv(65_536).rstrip(b"\0\n") + b"\n")

    threading.Thread(target=write, daemon=True).start()


def black_hole(address, port=25):
    """A listener with a queue of one place, which this very process takes: the kernel drops every later SYN."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    hole = socket.socket(family, socket.SOCK_STREAM)
    hole.bind((address, port))
    hole.listen(0)
    return hole, socket.create_connection((address, port))


def answers(address, greeting):
    try:
        with socket.create_connection((address, 25), timeout=2) as connection:
            return not greeting or connection.recv(512).startswith(b"220")
    except OSError:
        return False


def resolver_validates():
    """The root's SOA with the AD flag: NSD answers, unbound asks it, and the trust anchor fits."""
    query = dns.message.make_query(".", "SOA", want_dnssec=True)
    try:
        return bool(dns.query.udp(query, RESOLVER, timeout=1).flags & dns.flags.AD)
    except (OSError, dns.exception.DNSException):
        return False
