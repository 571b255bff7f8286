#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# soak.sh [MODE...]: whole scans of a generated internet of known truth, in the lab; Tests/World/README.md tells more.
#
#   killed   SOAK_DOMAINS=100000 domains, the scan killed SOAK_KILLS=2 times (the default mode)
#   flat     the same cost a domain for each of SOAK_FLAT="10000 1000000"
#   dns      domains and hosts of SOAK_DNS="1000000 5000000" looked up, and nobody visited: memory that does not grow
#   holes    30 % black holes and 5,000 connections at once; memory of stalled handshakes (SOAK_DOMAINS=20000)
#   faults   SOAK_MINUTES=30 of kills, full disks, lost networks, restarted resolvers, locked databases
#            (SOAK_DOMAINS=10000, SOAK_FAULTS="killed terminated ...")
#   cuts     SOAK_CUTS=20 copies of the database cut at random bytes (SOAK_DOMAINS=2000)
#
#   SOAK_SEED=1 is the seed of the worlds and of what happens in them. MXCENSUS=.build/release/mxcensus is the program.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(readlink -f "${MXCENSUS:-.build/release/mxcensus}")
[[ -x $program ]] || { echo "soak: $program is not there: make release" >&2; exit 1; }
folder=$PWD/.lab/soak
seed=${SOAK_SEED:-1}

main() {
    mkdir -p "$folder"
    exec 8>"$folder/lock"
    flock -n 8 || { echo "soak: another one runs in $folder" >&2; exit 1; }
    compile sign_zones -lldns -lcrypto
    compile responder Tests/World/certificates.c -lssl -lcrypto
    printf '{"tlds": {"lab": {"sign": "none"}}}' >"$folder/internet.json"
    export LAB_INTERNET=$folder/internet.json SOAK_SEED=$seed
    [[ $# -gt 0 ]] || set -- killed
    local mode
    for mode; do run "$mode"; done
}

run() {
    local count
    worlds=()
    case $1 in
    killed) add "${SOAK_DOMAINS:-100000}" ;;
    flat) for count in ${SOAK_FLAT:-10000 1000000}; do add "$count"; done ;;
    dns) for count in ${SOAK_DNS:-1000000 5000000}; do add "$count"; done ;;
    holes)
        add "${SOAK_DOMAINS:-20000}" own=1 black_holes=0
        add "${SOAK_DOMAINS:-20000}" own=1 black_holes=0.3
        add 1500 only=stall_tls
        add 12000 only=stall_tls
        ;;
    faults) add "${SOAK_DOMAINS:-10000}" ;;
    cuts) add "${SOAK_DOMAINS:-2000}" ;;
    *) echo "soak: no mode $1" >&2; exit 2 ;;
    esac
    Tests/Lab/lab.sh /usr/bin/python3 -B Tests/World/soak.py "$1" "$program" "$folder/responder" "$folder" "${worlds[@]}"
}

add() {
    local path
    path=$(world "$@")
    worlds+=("$path")
}

compile() {
    local compiler name=$1
    shift
    compiler=${CC:-$(command -v cc || command -v clang || true)}
    [[ -n $compiler ]] || { echo "soak: no C compiler: apt-get install gcc" >&2; exit 1; }
    "$compiler" -O2 -Wall -Wextra -o "$folder/$name" "Tests/World/$name.c" "$@"
}

# Prints the folder of a world, which is made where it is not there yet. Signatures last a month, worlds are kept a day.
world() {
    local hash path
    hash=$(cat Tests/World/{law,model,zones,truth,authority,make}.py Tests/World/sign_zones.c <(echo "$seed $*") |
        sha256sum | cut -c 1-8)
    path=$folder/world-$(IFS=-; echo "$*")-$hash
    find "$folder" -maxdepth 1 -name 'world-*' -mtime +0 -exec rm -rf {} +
    if [[ ! -d $path ]]; then
        rm -rf "$path.new"
        echo "soak: making a world of $*" >&2
        /usr/bin/python3 -B Tests/World/make.py "$path.new" "$folder/sign_zones" "$1" "$seed" "${@:2}"
        sed -i "s|$path.new|$path|" "$path.new"/*.conf
        mv -T "$path.new" "$path"
    fi
    echo "$path"
}

main "$@"
