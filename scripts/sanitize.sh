#!/usr/bin/env bash
# Runs the tests of every room that touches C, and of every reader that is fuzzed, under AddressSanitizer with leak
# detection. First of all a leak on purpose must be reported: where leaks can't be looked for (a debugger is attached, or
# the container forbids it), silence would prove nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
export MXCENSUS_ROOMS_ONLY=1
swift_test=(swift test --scratch-path .build-sanitize --disable-xctest --sanitize=address)

swift build --build-tests --scratch-path .build-sanitize --sanitize=address
if leak=$(MXCENSUS_LEAK=1 "${swift_test[@]}" --skip-build --filter DeliberateLeakTests 2>&1) \
    || [[ $leak != *"LeakSanitizer: detected memory leaks"* ]]; then
    echo "sanitize: a leak made on purpose was not reported, so that no leak would be:" >&2
    tail -5 <<<"$leak" >&2
    exit 1
fi
"${swift_test[@]}" --skip-build --filter '^(Lists|DNS|SMTP|TLS)Tests\.'
