#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh: what mxcensus costs, in processor time and memory, beside reference programs in the same run. Nothing is
# passed or failed here. Needs what `make bench` prepares: the lab's servers and the release build.
#
#   BENCH_SECTIONS="probes questions validation policies"   which parts; all, if unsaid
#   BENCH_PAIRS=5 BENCH_ENDPOINTS=4000 BENCH_QUESTIONS=5000 BENCH_SIGNED=400 BENCH_UNSIGNED=1600 BENCH_REPEATS=3
#   BENCH_POLICIES=300                                      how much of each
#   MXCENSUS=.build/release/mxcensus                        which program
set -euo pipefail
cd "$(dirname "$0")/.."
program=${MXCENSUS:-.build/release/mxcensus}
records=.build/release/RecordsBench
[[ -x $program && -x $records ]] || { echo "bench: $program or $records is not there: make bench builds them" >&2; exit 1; }

# A Swift toolchain brings clang along; where there is a compiler of the system's own, that is as good.
compiler=${CC:-$(command -v cc || command -v clang || true)}
[[ -n $compiler ]] || { echo "bench: no C compiler: apt-get install gcc" >&2; exit 1; }
mkdir -p .lab/bench
"$compiler" -O2 -o .lab/bench/reference_probe Tests/Bench/reference_probe.c -lssl -lcrypto

/usr/bin/python3 -B Tests/Bench/internet.py .lab/bench
export LAB_INTERNET=$PWD/.lab/bench/internet.json
exec Tests/Lab/lab.sh /usr/bin/python3 -B Tests/Bench/bench.py "$program" .lab/bench/reference_probe "$records"
