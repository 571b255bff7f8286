# SPDX-License-Identifier: Apache-2.0
"""Scans, one after another for SOAK_MINUTES, to which everything happens that happens to a long scan."""

import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from scanning import Broken
from servers import PATH, RUN, ip

DISK = RUN / "disk"
DISK_MB = 400
OUTAGES = {"network_gone", "link_down", "resolver_restarted"}
PATIENCE_S = 900  # for one scan, however often it is interrupted


def run(soak, worlds):
    (world,) = worlds
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    wanted = os.environ.get("SOAK_FAULTS", " ".join(FAULTS)).split()
    end = time.monotonic() + 60 * minutes
    DISK.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", DISK], env=PATH, check=True)
    soak.folder = DISK
    peaks = []
    with soak.servers(world) as servers:
        while time.monotonic() < end or not peaks:
            scan = soak.scan(world, "faults", "--max-connections", 200)
            happened = interrupt(soak, scan, servers, wanted, end)
            print(f"scan {len(peaks) + 1}: {scan.runs} runs; {', '.join(happened) or 'undisturbed'}")
            # 1 is an error of ours that was told, SIGKILL came from here; any other signal is a crash.
            crashes = [status for status in scan.ends if status not in (0, 1, -signal.SIGKILL)]
            soak.require(not crashes, f"ended {len(scan.ends)} times, crashed with {crashes or 'nothing'}")
            is_blind = OUTAGES & set(happened) and not scan.tries_again
            soak.judge(scan, servers, "visited while the network was gone, and not tried again" if is_blind else None)
            peaks.append(scan.peak_mb)
    soak.require(peaks[-1] <= 1.2 * peaks[0] + 10, f"peak memory of each scan: {', '.join(f'{p:.0f}' for p in peaks)} MB")


def interrupt(soak, scan, servers, wanted, end):
    """One scan to its end, with a fault every few seconds until the time is over."""
    happened = []
    began = time.monotonic()
    scan.begin()
    while True:
        pause = time.monotonic() + soak.dice.uniform(1, 6)
        while scan.is_running() and time.monotonic() < pause:
            time.sleep(0.1)
        if not scan.is_running():
            if scan.end() == 0:
                return happened
            time.sleep(0.5)
            scan.begin()
            continue
        if time.monotonic() > began + PATIENCE_S:
            scan.end(signal.SIGKILL)
            raise Broken(f"a scan did not end within {PATIENCE_S} s of faults:\n{scan.tail()}")
        if time.monotonic() < end:
            fault = soak.dice.choice(wanted)
            happened.append(fault)
            FAULTS[fault](soak, scan, servers)


def killed(soak, scan, servers):
    scan.end(signal.SIGKILL)
    time.sleep(0.5)
    scan.begin()


def terminated(soak, scan, servers):
    scan.end(signal.SIGTERM)
    scan.begin()


def resolver_restarted(soak, scan, servers):
    servers.stop_resolver()
    time.sleep(soak.dice.uniform(0, 3))
    servers.start_resolver()


def network_gone(soak, scan, servers):
    """For less than anybody's patience: no packet comes through, none is refused."""
    servers.close_network()
    time.sleep(soak.dice.uniform(1, 4))
    servers.reopen_network()


def link_down(soak, scan, servers):
    """Everything is out of reach at once, the resolver too."""
    ip("link", "set", "lo", "down")
    time.sleep(soak.dice.uniform(1, 4))
    ip("link", "set", "lo", "up")
    servers.open_network()


def disk_full(soak, scan, servers):
    ballast = DISK / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError:
            pass
    deadline = time.monotonic() + 20
    while scan.is_running() and time.monotonic() < deadline:
        time.sleep(0.1)
    ballast.unlink()


def database_locked(soak, scan, servers):
    """Another program writes, now within our patience of 10 seconds and now beyond it."""
    if not Path(scan.database).exists():
        return
    other = sqlite3.connect(scan.database, timeout=10, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(soak.dice.choice([1, 3, 12]))
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        pass  # the scan was faster
    finally:
        other.close()


FAULTS = {
    "killed": killed,
    "terminated": terminated,
    "resolver_restarted": resolver_restarted,
    "network_gone": network_gone,
    "link_down": link_down,
    "disk_full": disk_full,
    "database_locked": database_locked,
}
