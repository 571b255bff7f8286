#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz-readers.sh [--rounds N] [--seed N] [--seconds N]: damages what mail servers say, what TLS servers answer, and
# certificates, and feeds them to our readers under AddressSanitizer.
#
# First N rounds for each from a seed, the same each time (Tests/Fuzz/Readers/Mutator.swift); then libFuzzer, led by what
# the code does with its inputs, N seconds for each reader. What broke one of them stands on standard error, and as
# .fuzz-readers/READER/crash-...; the exit status is 1 if there is such a thing.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=20000 seed=$RANDOM seconds=60
while (($#)); do
    case $1 in
        --rounds) rounds=$2 ;;
        --seed) seed=$2 ;;
        --seconds) seconds=$2 ;;
        *) echo "fuzz-readers.sh [--rounds N] [--seed N] [--seconds N]" >&2; exit 2 ;;
    esac
    shift 2
done
export MXCENSUS_ROOMS_ONLY=1

echo "== $rounds rounds from seed $seed"
mkdir -p .fuzz-readers/{smtp,hello,certificate}
MXCENSUS_FUZZ_ROUNDS=$rounds MXCENSUS_FUZZ_SEED=$seed MXCENSUS_FUZZ_SEEDS_TO=$PWD/.fuzz-readers \
    swift test --scratch-path .build-sanitize --disable-xctest --sanitize=address --filter '^(SMTP|TLS)Tests\.Hostile'

MXCENSUS_FUZZER=1 swift build --scratch-path .build-fuzz --product fuzz-readers -Xswiftc -sanitize=fuzzer,address \
    -Xswiftc -parse-as-library
for reader in smtp hello certificate; do
    echo "== libFuzzer, $reader, $seconds s"
    MXCENSUS_FUZZ_TARGET=$reader .build-fuzz/debug/fuzz-readers -max_total_time="$seconds" -max_len=16384 \
        -print_final_stats=1 -artifact_prefix=".fuzz-readers/$reader/" ".fuzz-readers/$reader" 2>&1 |
        grep -E '^(==|stat::number|stat::new|SUMMARY|Fatal|.*[Ff]atal error)' || true
    ! compgen -G ".fuzz-readers/$reader/crash-*" && ! compgen -G ".fuzz-readers/$reader/leak-*" || exit 1
done
