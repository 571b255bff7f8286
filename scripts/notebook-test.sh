#!/usr/bin/env bash
# Runs the demo into a folder of its own and the notebook over what it exported.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
scripts/demo.sh "$folder/demo"
scripts/run-notebook.sh "$folder/demo/export" "$folder/overview.html"
