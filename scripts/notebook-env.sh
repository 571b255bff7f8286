#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the virtual environment .venv with what notebooks/requirements.txt pins, unless it is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
    echo "notebook-env: $*" >&2
    exit 1
}

wanted=$(sha256sum <notebooks/requirements.txt)
[[ $(cat .venv/stamp 2>/dev/null) != "$wanted" ]] || exit 0

command -v python3 >/dev/null || stop "no python3: install Python 3.11 or later"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$(python3 --version) is too old: the notebook needs Python 3.11 or later"
python3 -c 'import venv, ensurepip' 2>/dev/null ||
    stop "python3 cannot make virtual environments: apt-get install python3-venv"

echo "notebook-env: installing notebooks/requirements.txt into .venv"
rm -rf .venv
python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r notebooks/requirements.txt ||
    stop "pip could not install notebooks/requirements.txt: is the package index within reach?"
echo "$wanted" >.venv/stamp
