#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py MXCENSUS REFERENCE RECORDS: runs inside the lab and prints what mxcensus costs beside what must be spent at least.

Ratios of one run on one machine are what counts. Nothing here fails for being slow: the exit status is 1 only if
something did not work. A figure above its bound is marked, and read by a person.
"""

import os
import platform
import resource
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "Lab/world"))

import policies
import probes
import questions
import validation
from measure import Broken
from workload import CONNECTIONS, LOOKUPS, PAIRS

SECTIONS = {"probes": probes, "questions": questions, "validation": validation, "policies": policies}


class Bench:
    """Where things are, and the table that is printed."""

    def __init__(self, mxcensus, reference, records):
        self.mxcensus = Path(mxcensus).resolve()
        self.reference = Path(reference).resolve()
        self.records = Path(records).resolve()
        self.world = Path(os.environ["MXCENSUS_LAB"])
        # How much more processor time the reference program takes here than where the bounds were set; known once it ran.
        self.slowness = 1.0
        self.folder = Path("/run/lab/bench")
        self.folder.mkdir()

    def options(self):
        return [
            *("--resolver", os.environ["MXCENSUS_RESOLVER"]),
            *("--trust-anchor", self.world / "root.ds"),
            *("--ca-file", self.world / "ca.pem"),
            *("--max-connections", CONNECTIONS),
            *("--max-lookups", LOOKUPS),
        ]

    def progress(self, text):
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def title(self, text):
        self.progress("")
        print(f"\n{text}")

    def line(self, label, figures, form, at_most=None, of_this_machine=False):
        """`of_this_machine`: the bound is processor time, which other machines take more or less of."""
        median, spread = figures.text(form)
        verdict = ""
        if at_most is not None:
            at_most *= self.slowness if of_this_machine else 1
            bound = form.format(at_most)
            verdict = f"at most {bound}" + (", MISSED" if figures.median > at_most else "")
        print(f"  {label:<32}{median:>10}  {spread:<24}{verdict}".rstrip(), flush=True)


def main():
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    bench = Bench(*sys.argv[1:4])
    wanted = os.environ.get("BENCH_SECTIONS", " ".join(SECTIONS)).split()
    print(f"mxcensus bench: {machine()}; median of {PAIRS} [least - most]")
    for name in wanted:
        try:
            SECTIONS[name].run(bench)
        except Broken as error:
            sys.exit(f"\nbench: {name}: {error}")


def machine():
    openssl = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.split()
    model = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return f"{os.cpu_count()} cores ({model[0] if model else platform.machine()}), OpenSSL {openssl[1]}"


if __name__ == "__main__":
    main()
