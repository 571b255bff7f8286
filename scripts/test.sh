#!/usr/bin/env bash
# Everything that must hold, in three rings: pure tests; recorded dialogues and vectors; real servers in the lab.
# The last line counts what was run: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0
failed=0
swift_test=(swift test --skip-build --disable-xctest)

# step NAME COMMAND...: runs it, keeps going, counts it.
step() {
    local name=$1 start=$SECONDS
    shift
    echo "== $name"
    if "$@"; then
        passed=$((passed + 1))
        echo "== $name: ok, $((SECONDS - start)) s"
    else
        failed=$((failed + 1))
        echo "== $name: FAILED, $((SECONDS - start)) s" >&2
    fi
}

# The other way into the lab than ours: as a user where we are root; a user has no other way.
other_way() {
    if [[ $EUID -eq 0 ]]; then
        Tests/Lab/as-user.sh Tests/Lab/lab.sh Tests/Lab/smoke.sh
    else
        Tests/Lab/lab.sh Tests/Lab/smoke.sh
    fi
}

notebook_tests() {
    scripts/notebook-env.sh && .venv/bin/python -B -m unittest discover -s Tests/Notebooks
}

step "build, debug" swift build --build-tests
[[ $failed -eq 0 ]] || { echo "$passed passed, $failed failed"; exit 1; }
step "build, release" swift build -c release --product mxcensus
step "format" swift format lint --strict -r Sources Tests Package.swift
# Inside the lab, so that no test can reach anything but its own namespace. The tests that run the program wait for it
# on the threads that the others' sockets need, so they run by themselves.
step "the rooms: rules, dialogues, recorded messages" Tests/Lab/lab.sh "${swift_test[@]}" --skip '^CommandLineTests'
step "the program: vectors and real servers" Tests/Lab/lab.sh "${swift_test[@]}" --filter '^CommandLineTests'
step "the lab's expectations against real peers" Tests/Lab/lab.sh /usr/bin/python3 -B Tests/Lab/peers
step "the lab's policies against checkdmarc and Postfix's resolver" \
    Tests/Lab/lab.sh .lab/venv/bin/python -B Tests/Lab/policy_peers
step "the lab, the other way in" other_way
step "memory of everything that touches C" scripts/sanitize.sh
step "the lists and the script that fetches more" /usr/bin/python3 -B -m unittest discover -s Tests/Datasets
step "the notebook against numbers counted by hand" notebook_tests
step "the demo and the notebook over its export" scripts/notebook-test.sh

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
