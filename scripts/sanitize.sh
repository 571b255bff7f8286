#!/usr/bin/env bash
# Runs the tests of every room that touches C under AddressSanitizer with leak detection.
set -euo pipefail
cd "$(dirname "$0")/.."
export MXCENSUS_ROOMS_ONLY=1
swift test --scratch-path .build-sanitize --disable-xctest --sanitize=address --filter '^(Lists|DNS|TLS)Tests\.'
