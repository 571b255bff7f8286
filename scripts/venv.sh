#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# venv.sh DIRECTORY REQUIREMENTS [PYTHON]: makes a virtual environment with what a requirements file pins, unless it is
# there already.
set -euo pipefail
cd "$(dirname "$0")/.."
directory=$1 requirements=$2 python=${3:-python3}

stop() {
    echo "venv: $*" >&2
    exit 1
}

wanted="$($python --version 2>/dev/null || true) $(sha256sum <"$requirements")"
[[ $(cat "$directory/stamp" 2>/dev/null) != "$wanted" ]] || exit 0

command -v "$python" >/dev/null || stop "no $python: install Python 3.11 or later"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version) is too old: $requirements needs Python 3.11 or later"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    stop "$python cannot make virtual environments: apt-get install python3-venv"

mkdir -p "$(dirname "$directory")"
exec 9>"$directory.lock"
flock 9 # of two at once, one installs
[[ $(cat "$directory/stamp" 2>/dev/null) != "$wanted" ]] || exit 0
echo "venv: installing $requirements into $directory"
rm -rf "$directory"
"$python" -m venv "$directory"
"$directory/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" ||
    stop "pip could not install $requirements: is the package index within reach?"
echo "$wanted" >"$directory/stamp"
