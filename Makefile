# SPDX-License-Identifier: Apache-2.0
# Each target installs what it needs by itself (scripts/setup.sh) and can be run first on a fresh machine.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help build demo survey lab test fuzz-dnssec fuzz-readers bench soak format lint clean setup-build setup-lab release notebook

BUILD_FLAGS := $(if $(CI),-j 2)
RELEASE := .build/release/mxcensus
DEMO := demo

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

build: setup-build release ## the program, .build/release/mxcensus

release:
	swift build $(BUILD_FLAGS) -c release --product mxcensus

demo: setup-lab release ## surveys the lab's domains on real servers that never leave this machine
	scripts/demo.sh $(DEMO)

survey: setup-build release ## surveys your own list on the internet: make survey LIST=file [OPTIONS='--ehlo-name …']
	@test -n "$(LIST)" || { echo "make survey LIST=file [OPTIONS='--ehlo-name scanner.example.org …']" >&2; exit 2; }
	$(RELEASE) scan "$(LIST)" --into survey.sqlite $(OPTIONS)
	$(RELEASE) export survey.sqlite --to survey-export
	$(RELEASE) stats survey.sqlite

lab: setup-lab release ## a shell among the lab's servers
	Tests/Lab/lab.sh

test: setup-lab ## everything: debug and release, format, pure tests, the lab as root and as a user, the notebook
	scripts/test.sh

fuzz-dnssec: setup-lab release ## random zones with random damage, judged by unbound and by us: [OPTIONS='--zones 5000 --seed N']
	scripts/fuzz-dnssec.sh $(OPTIONS)

fuzz-readers: setup-build ## damaged replies, TLS records and certificates under AddressSanitizer, then libFuzzer: [OPTIONS='--rounds N --seconds N']
	scripts/fuzz-readers.sh $(OPTIONS)

bench: setup-lab release ## cost of a probe and of a look-up, as ratios against reference programs in the same run
	swift build $(BUILD_FLAGS) -c release --product RecordsBench
	scripts/bench.sh

soak: setup-lab release ## whole scans of a generated internet of known truth: [MODES='killed flat dns holes faults cuts']
	scripts/soak.sh $(MODES)

format: ## writes all Swift sources in the house's format
	swift format -i -r Sources Tests Package.swift

lint:
	swift format lint --strict -r Sources Tests Package.swift

clean: ## removes what was built, unpacked and written here
	rm -rf .build .build-* .lab .venv .fuzz-dnssec .fuzz-readers $(DEMO) survey-export

setup-build:
	@scripts/setup.sh build

setup-lab:
	@scripts/setup.sh lab
