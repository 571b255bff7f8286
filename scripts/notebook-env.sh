#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the virtual environment .venv with what notebooks/requirements.txt pins, unless it is there already.
exec "$(dirname "$0")/venv.sh" .venv notebooks/requirements.txt
