#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz-dnssec.sh [OPTIONS]: random zones with random damage, judged by unbound and by .build/release/mxcensus (another
# program: MXCENSUS=...), in namespaces that no packet leaves. Options are those of Tests/Fuzz/dnssec/run.py. Cases on
# which the two differ are kept in .fuzz-dnssec.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${MXCENSUS:-.build/release/mxcensus}
[[ -x $program ]] || { echo "fuzz-dnssec: no $program: run make build" >&2; exit 1; }
[[ -s .lab/root/stamp ]] || { echo "fuzz-dnssec: the servers are not unpacked: run scripts/setup.sh lab" >&2; exit 1; }
user=()
[[ $EUID -eq 0 ]] || user=(--map-root-user)
PATH=$PATH:/usr/sbin:/sbin
exec unshare "${user[@]}" -nmpf --kill-child --mount-proc bash -c '
    ip link set lo up
    exec /usr/bin/python3 -B Tests/Fuzz/dnssec/run.py "$@"' fuzz-dnssec "$program" .fuzz-dnssec "$@"
