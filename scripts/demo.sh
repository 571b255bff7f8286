#!/usr/bin/env bash
# demo.sh FOLDER: scans the lab's list into FOLDER/survey.sqlite, writes FOLDER/export and prints the statistics.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-demo}
rm -rf "$folder"
mkdir -p "$folder"

exec Tests/Lab/lab.sh bash -euo pipefail -c '
    program=.build/release/mxcensus
    echo "The lab is up: $(($(wc -l < "$MXCENSUS_LAB/domains.csv") - 1)) domains, resolver $MXCENSUS_RESOLVER."
    "$program" scan "$MXCENSUS_LAB/domains.csv" --into "$1/survey.sqlite" --lab --resolver "$MXCENSUS_RESOLVER" \
        --trust-anchor "$MXCENSUS_LAB/root.ds" --ca-file "$MXCENSUS_LAB/ca.pem" \
        --connect-timeout 2 --greeting-timeout 5 --reply-timeout 3
    "$program" export "$1/survey.sqlite" --to "$1/export"
    echo
    "$program" stats "$1/survey.sqlite"
    echo
    "$program" stats "$1/survey.sqlite" --by sector
    echo
    echo "The database is $1/survey.sqlite, the CSV files are in $1/export:"
    ls -l "$1/export"
' demo "$folder"
