# SPDX-License-Identifier: Apache-2.0
"""Runs a program and says what it cost.

Processor time, never the clock: other work may share this machine. What is compared is run in turns, A B A B, and told
as the median of the pairs with the least and the most, so that a reader sees what the figure is worth.
"""

import contextlib
import json
import os
import sqlite3
import statistics
import subprocess
import threading
import time
from pathlib import Path


class Broken(Exception):
    """A program that was to be measured did not do its work."""


class Figures:
    """One quantity over all rounds."""

    def __init__(self, values):
        self.values = list(values)
        self.median = statistics.median(self.values)

    def text(self, form):
        spread = f"[{form.format(min(self.values))} - {form.format(max(self.values))}]"
        return form.format(self.median), spread


def ratios(numerators, denominators):
    return Figures(above / below for above, below in zip(numerators, denominators))


class Cost:
    """What a program took that it does not count itself."""

    def __init__(self, usage, most_files):
        self.cpu_us = 1_000_000 * (usage.ru_utime + usage.ru_stime)
        self.peak_mb = usage.ru_maxrss * 1_024 / 1_000_000  # Linux counts KiB here
        self.most_files = most_files


def run(command, log, output=os.devnull):
    """Runs it to its end; returns its Cost. Raises Broken with the end of the log if it fails."""
    with open(log, "wb") as errors, open(output, "wb") as answers:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=answers, stderr=errors
        )
        files = OpenFiles(process)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = Path(log).read_text(errors="replace").splitlines()[-15:]
        raise Broken("\n".join([f"{command[0]} ended with {process.returncode}", *tail]))
    return Cost(usage, files.most)


class OpenFiles:
    """Looks now and then how many files, connections among them, a program has open at once, while it runs.

    The highest number tells: a file opened gets the lowest that is free.
    """

    def __init__(self, process):
        self.most = 0
        self._folder = f"/proc/{process.pid}/fd"
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self):
        while True:
            try:
                self.most = max(self.most, *(int(number) + 1 for number in os.listdir(self._folder)), 0)
            except OSError:
                return  # it has ended
            time.sleep(0.1)


def reference(program, authorities, targets, connections, folder):
    """One run of reference_probe; returns what it says of itself."""
    log = Path(folder) / "reference.log"
    run([program, "-c", str(connections), authorities, targets], log)
    return json.loads(log.read_text().splitlines()[-1])


class Scan:
    """One run of `mxcensus scan` into a fresh database: the cost of each stage, as the program counts it."""

    def __init__(self, program, names, folder, options):
        folder = Path(folder)
        for old in folder.glob("survey.sqlite*"):
            old.unlink()
        self.database = folder / "survey.sqlite"
        summary = folder / "summary.json"
        summary.unlink(missing_ok=True)
        self.cost = run(
            [program, "scan", names, "--into", self.database, "--lab", "--quiet", "--summary", summary] + options,
            folder / "scan.log",
        )
        if not summary.exists():
            raise Broken(f"{program} scan ended well, but wrote no --summary")
        self.stages = {stage["stage"]: stage for stage in json.loads(summary.read_text())["stages"]}

    def cpu_us(self, *stages):
        return 1_000 * sum(self.stages[stage]["cpu_ms"] for stage in stages)

    def cpu_us_but(self, *stages):
        """All that the program took except for these stages: nothing is lost that is written between two of them."""
        return self.cost.cpu_us - self.cpu_us(*stages)

    def require(self, count, of, query):
        """A figure is worth something only if the work was done: raises Broken unless the query counts that many."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            (found,) = database.execute(query).fetchone()
        if found != count:
            raise Broken(f"the scan found {found} {of}, not {count}")


def processor_us(process):
    """Time that the threads of a running process spent on a processor, which the scheduler counts in nanoseconds."""
    threads = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1_000
