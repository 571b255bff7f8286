#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""soak.py MODE PROGRAM RESPONDER FOLDER WORLD...: runs inside the lab. README.md tells what each mode is about.

The exit status is 1 where something is wrong: a row lost, a figure that is not the truth's, a bound that does not hold.
"""

import os
import platform
import random
import sys
from pathlib import Path

import compare
import modes
from scanning import Broken, Scan
from servers import Servers


class Soak:
    """What all modes use: where things are, what is printed, and what was wrong."""

    def __init__(self, program, responder, folder):
        self.program, self.responder, self.folder = program, responder, Path(folder)
        self.dice = random.Random(os.environ.get("SOAK_SEED", "1"))
        self.wrong = 0

    def servers(self, world):
        return Servers(world, self.responder)

    def scan(self, world, name, *options):
        scan = Scan(self.program, world, self.folder / f"{name}.sqlite", *options)
        scan.remove()
        return scan

    def require(self, holds, text):
        self.wrong += not holds
        print(f"  {text}{'' if holds else '  MISSED'}", flush=True)

    def judge(self, scan, servers, why_unknown=None):
        """Statistics and rows of a finished scan against the truth."""
        counts = compare.read_truth(scan.world, set(servers.state()["passed"]))
        if late := compare.late(scan.database):
            why_unknown = why_unknown or f"{late} endpoints timed out on a busy machine"
        self.wrong += compare.compare(compare.statistics(scan.program, scan.database), counts, why_unknown)
        self.wrong += compare.integrity(scan.database, counts)
        return counts

    def cost(self, scan, name):
        """CPU in us for each unit of a stage of the last run; of reading and judging, for each domain."""
        stage = scan.stages()[name]
        units = scan.made["count"] if name in ("reading", "judging") else stage["units"]
        return 1000 * stage["cpu_ms"] / units if units else 0

    def costs(self, scan):
        """The table of a scan's last run."""
        print(f"  {'stage':<12}{'units':>10}{'CPU us each':>14}{'wall s':>10}{'units/s':>10}")
        for name, stage in scan.stages().items():
            each = self.cost(scan, name)
            rate = 1000 * stage["units"] / stage["wall_ms"] if stage["wall_ms"] else 0
            print(f"  {name:<12}{stage['units']:>10}{each:>14.0f}{stage['wall_ms'] / 1000:>10.1f}{rate:>10.0f}")
        print(f"  all runs: {scan.cpu_ms / 1000:.1f} s CPU, {scan.wall_s:.1f} s, peak {scan.peak_mb:.0f} MB", flush=True)


def main():
    mode, program, responder, folder, *worlds = sys.argv[1:]
    soak = Soak(program, responder, folder)
    print(f"mxcensus soak, {mode}: {os.cpu_count()} cores, {platform.system()} {platform.machine()}", flush=True)
    try:
        modes.MODES[mode](soak, [Path(world) for world in worlds])
    except Broken as error:
        sys.exit(f"soak: {error}")
    if soak.wrong:
        sys.exit(f"soak: {soak.wrong} wrong")


if __name__ == "__main__":
    main()
