# SPDX-License-Identifier: Apache-2.0
"""Copies of the database of a killed scan, with the write-ahead log or the database cut at random bytes.

A log that is cut is what a crash of the machine leaves, and the scan must go on from an earlier commit to the same end.
SQLite writes the log to disk before it copies pages from it, so a log cut further back than that is nothing that a crash
could leave, nor is a database cut short: there the scan may say that the file is damaged, and must not crash, and what
it calls complete must be so.
"""

import os
import shutil
import signal
import sqlite3
import subprocess

CUTS = int(os.environ.get("SOAK_CUTS", "20"))


def run(soak, worlds):
    (world,) = worlds
    with soak.servers(world) as servers:
        original = soak.scan(world, "original", *QUICK)
        points = [0.1, 0.35, 0.6, 0.85]
        results = {}
        for number in range(CUTS):
            if number % 5 == 0:
                kill_at(soak, original, points[number // 5 % len(points)])
            what = "database" if number % 5 == 4 else "log"
            copy = soak.scan(world, f"cut{number}", *QUICK)
            at, size = cut(soak, original, copy, what)
            result = finish(soak, servers, copy)
            results[result] = results.get(result, 0) + 1
            print(f"  {what} cut at {at:,} of {size:,}: {result}", flush=True)
            copy.remove()
        print(f"  {results}")


# Few at once, and patient with them: how busy the machine is must not show in the data.
QUICK = ("--max-connections", 100, "--connect-timeout", 10, "--greeting-timeout", 20, "--reply-timeout", 20)


def kill_at(soak, scan, share):
    """A fresh scan, killed when so much of it is done."""
    scan.remove()
    scan.begin()
    while scan.is_running() and sum(scan.units_done()) < share * scan.units:
        pass
    scan.end(signal.SIGKILL)


def cut(soak, original, copy, what):
    """Copies both files and cuts one; returns where, and how long it was."""
    log = f"{original.database}-wal"
    shutil.copyfile(original.database, copy.database)
    if os.path.exists(log):
        shutil.copyfile(log, f"{copy.database}-wal")
    path = copy.database if what == "database" or not os.path.exists(log) else f"{copy.database}-wal"
    size = os.path.getsize(path)
    at = soak.dice.randrange(size + 1)
    os.truncate(path, at)
    return at, size


def finish(soak, servers, scan):
    """Resumes the scan of a cut file; says what came of it."""
    whole = is_whole(scan.database)
    stats = subprocess.run([scan.program, "stats", scan.database], capture_output=True, check=False)
    soak.wrong += stats.returncode < 0
    scan.begin()
    status = scan.end()
    if status < 0:
        soak.wrong += 1
        return f"CRASHED with signal {-status}"
    if status != 0:
        soak.wrong += whole
        return "refused as damaged" if not whole else f"REFUSED although whole: {scan.tail()}"
    before = soak.wrong
    soak.judge(scan, servers)
    if soak.wrong == before:
        return "went on to the right end"
    if not whole:
        soak.wrong = before
        return "was damaged, and went on to another end"
    return "WENT ON TO A WRONG END"


def is_whole(path):
    """Whether SQLite itself finds nothing wrong, looking at copies."""
    for suffix in ("", "-wal"):
        if os.path.exists(f"{path}{suffix}"):
            shutil.copyfile(f"{path}{suffix}", f"{path}.look{suffix}")
    try:
        with sqlite3.connect(f"{path}.look") as survey:
            return survey.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.Error:
        return False
