#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs notebooks/overview.ipynb over an exported dataset, without a browser, and keeps what it shows as one HTML file.
#
#   scripts/run-notebook.sh EXPORT_DIR OUT_HTML
#
# Ends with 1 if the dataset does not hold together: the notebook checks it before it counts anything.
set -euo pipefail

if [[ $# -ne 2 ]]; then
    echo "usage: scripts/run-notebook.sh EXPORT_DIR OUT_HTML" >&2
    exit 2
fi
[[ -d $1 ]] || {
    echo "run-notebook: $1 is no folder" >&2
    exit 1
}
out=$(realpath -m "$2")
[[ -d $(dirname "$out") ]] || {
    echo "run-notebook: there is no folder $(dirname "$out") to write into" >&2
    exit 1
}
MXCENSUS_EXPORT=$(realpath "$1")
export MXCENSUS_EXPORT
cd "$(dirname "$0")/.."
scripts/notebook-env.sh

# Settings and caches of the person at the machine stay out of it, and nothing is left behind.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export JUPYTER_CONFIG_DIR=$scratch/config JUPYTER_DATA_DIR=$scratch/data JUPYTER_RUNTIME_DIR=$scratch/runtime
export IPYTHONDIR=$scratch/ipython MPLCONFIGDIR=$scratch/matplotlib PYTHONWARNINGS=ignore

# The page must not fetch anything from elsewhere, so it goes without the scripts for formulas and widgets.
if ! .venv/bin/python -m nbconvert --to html --execute --no-input --log-level ERROR \
    --HTMLExporter.mathjax_url= --HTMLExporter.require_js_url= \
    --output-dir "$scratch" --output overview.html notebooks/overview.ipynb 2>"$scratch/errors"; then
    sed -i 's/\x1b\[[0-9;]*m//g' "$scratch/errors"
    tail -n 12 "$scratch/errors" >&2
    echo "run-notebook: the notebook stopped at $1" >&2
    exit 1
fi
mv "$scratch/overview.html" "$out"
echo "run-notebook: wrote $2"
