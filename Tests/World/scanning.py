# SPDX-License-Identifier: Apache-2.0
"""Runs `mxcensus scan` as often as it takes, watches it, and ends it in any way that is asked for."""

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

from servers import resident_mb
from zones import RESOLVER

PROGRESS = """SELECT (SELECT count(measured_at) FROM domains), (SELECT count(measured_at) FROM mx_hosts),
    (SELECT count(*) FROM endpoints WHERE state = 'done')"""


class Broken(Exception):
    """Something that was to work did not."""


class Scan:
    """One survey of a world, over all of its runs."""

    def __init__(self, program, world, database, *options):
        self.program, self.world, self.database = program, Path(world), Path(database)
        self.made = json.loads((self.world / "made.json").read_text())
        self.command = [program, "scan", self.world / "domains.csv", "--into", self.database, "--quiet", "--lab"]
        self.command += ["--resolver", RESOLVER, "--trust-anchor", self.world / "root.ds"]
        self.command += ["--ca-file", self.world / "root.pem", *options]
        options = subprocess.run([program, "scan", "--help"], capture_output=True, text=True, check=True).stdout
        if "--pace" in options:
            self.command += ["--pace", "lab"]
        self.tries_again = "--retry-scale" in options
        if self.tries_again:
            self.command += ["--retry-scale", "0.01"]
        self.summary_file = self.database.with_suffix(".summary.json")
        self.status_file = self.database.with_suffix(".status.json")
        self.log = self.database.with_suffix(".log")
        self.cpu_ms = self.wall_s = 0
        self.peak_mb = 0
        self.memory = []  # (seconds since the run began, MB), of the last run
        self.runs = 0
        self.ends = []
        self.killed = []  # (domains, hosts, endpoints so far, CPU in ms of that run) of each run that was killed
        self.process = None

    @property
    def units(self):
        """Domains, hosts and endpoints of the world, but for those that wait for the greylists."""
        return sum(self.made[unit] for unit in ("domains", "hosts", "endpoints"))

    def begin(self):
        """Starts or resumes it."""
        self.runs += 1
        self.summary_file.unlink(missing_ok=True)
        self.status_file.unlink(missing_ok=True)
        self.began = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in [*self.command, "--summary", self.summary_file, "--status", self.status_file]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                preexec_fn=allow_many_files,
            )
        self.memory = []
        threading.Thread(target=self.watch, args=(self.process,), daemon=True).start()

    def watch(self, process):
        while process.returncode is None:
            if held := resident_mb(process.pid):
                self.memory.append((time.monotonic() - self.began, held))
            time.sleep(0.5)

    def end(self, number=None):
        """Waits for its end, which `number` brings about; returns the exit status, negative for a signal."""
        if number is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu_ms += 1000 * (usage.ru_utime + usage.ru_stime)
        self.wall_s += time.monotonic() - self.began
        self.peak_mb = max(self.peak_mb, usage.ru_maxrss * 1024 / 1e6)
        self.ends.append(self.process.returncode)
        return self.process.returncode

    def is_running(self):
        """Whether it has not ended by itself; the ended one is still to be waited for with `end`."""
        found = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found is None

    def run(self):
        """One run to its end, which must be a good one."""
        self.begin()
        status = self.end()
        if status != 0:
            raise Broken(f"mxcensus scan ended with {status}:\n{self.tail()}")

    def run_killed(self, points, total):
        """Runs to the end, killed with SIGKILL where `points` say, as shares of all units of work."""
        for point in points:
            self.begin()
            # Counting reads whole tables: of a large world that is seconds of a core.
            pause = min(60, max(0.2, total / 50_000))
            while self.is_running() and sum(self.units_done()) < point * total:
                time.sleep(pause)
            before = self.cpu_ms
            self.end(signal.SIGKILL)
            self.killed.append((*self.units_done(), self.cpu_ms - before))
        self.run()

    def units_done(self):
        """Domains, hosts and endpoints that are committed."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as survey:
                return survey.execute(PROGRESS).fetchone()
        except sqlite3.Error:
            return 0, 0, 0

    def stage(self):
        """Where the run is; reading, as long as it has not said anything."""
        with contextlib.suppress(OSError):
            return json.loads(self.status_file.read_text())["stage"]
        return "reading"

    def stages(self):
        """What each stage of the last run cost: {name: {units, cpu_ms, wall_ms}}."""
        return {stage["stage"]: stage for stage in json.loads(self.summary_file.read_text())["stages"]}

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def remove(self):
        for file in self.database.parent.glob(self.database.stem + ".*"):
            file.unlink()


def allow_many_files():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
