#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""up.py COMMAND...: first process of the lab. Starts the servers, waits until each one answers, runs COMMAND.

Its end is the end of the lab: the kernel kills every other process of the namespace with it.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import servers
from description import addresses

WORLD = Path("/run/lab/world")
LOG = Path("/run/lab/log")
SECONDS_TO_ANSWER = 60  # it takes two; a busy machine may need more


def main():
    signal.signal(signal.SIGINT, lambda *_: None)  # ^C is for COMMAND, which has the default again
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    end_with_launcher()
    internet = json.loads((WORLD / "internet.json").read_text(encoding="utf-8"))
    hosts, https = internet["hosts"], internet.get("https", {})
    servers.collect_syslog(LOG / "syslog")
    holes = [servers.black_hole(address) for address, _, _ in addresses(hosts, "black_hole")]
    holes += [servers.black_hole(h["address"], 443) for h in https.values() if h["server"] == "black_hole"]
    processes = servers.start(hosts, https)
    wait_until_ready(hosts, processes)
    status = run(sys.argv[1:])
    del holes  # which until here kept their sockets open
    sys.exit(status)


def end_with_launcher():
    """The launcher holds the other end of a pipe: when it is gone, however it ended, so is the lab."""
    if "LAB_LAUNCHER" not in os.environ:
        return
    pipe = int(os.environ.pop("LAB_LAUNCHER"))
    os.set_inheritable(pipe, False)

    def watch():
        os.read(pipe, 1)
        os._exit(129)

    threading.Thread(target=watch, daemon=True).start()


def wait_until_ready(hosts, processes):
    """Asks every listener for its first line, a few at a time; a scripted one needs only accept."""
    waiting = [
        (server, address, name)
        for server in ("postfix", "exim", "nginx", "scripted")
        for address, name, _ in addresses(hosts, server)
    ]
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    resolving = True
    while waiting or resolving:
        resolving = resolving and not servers.resolver_validates()
        waiting = [
            listener for listener in waiting if not servers.answers(listener[1], greeting=listener[0] != "scripted")
        ]
        dead = [name for name, process in processes.items() if process.poll() is not None]
        if dead or time.monotonic() > deadline:
            give_up(waiting, resolving, dead)
        if waiting or resolving:
            time.sleep(0.1)


def give_up(waiting, resolving, dead):
    if resolving:
        print("lab: the resolver does not answer with validated data", file=sys.stderr)
    for server, address, name in waiting[:10]:
        print(f"lab: {server} does not answer on {address} ({name})", file=sys.stderr)
    failed = set(dead) | {server for server, _, _ in waiting} | ({"unbound", "nsd"} if resolving else set())
    for log in sorted(LOG.iterdir()):
        if any(log.name.startswith(name) for name in failed) or log.name == "syslog":
            lines = log.read_text(errors="replace").splitlines()[-15:]
            print(f"--- {log.name}", *lines, sep="\n", file=sys.stderr)
    sys.exit(1)


def run(command):
    """Runs the command; as first process, also collects the orphans that end meanwhile."""
    environment = {**os.environ, "MXCENSUS_LAB": str(WORLD), "MXCENSUS_RESOLVER": "127.0.0.53"}
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        print(f"lab: {command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    while True:
        ended, status = os.wait()
        if ended == child.pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    main()
