#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, and nothing else.
#
#   scripts/setup.sh build    what it takes to build mxcensus
#   scripts/setup.sh lab      that, and what it takes to run the lab (the default)
#
# Libraries and command-line tools come by apt. The lab's servers never do: installing a mail server would replace the
# one this machine may have, and start it. They are downloaded as packages and unpacked into .lab/root, where only the
# lab sees them. What comes from PyPI goes into .lab/venv.
set -euo pipefail
cd "$(dirname "$0")/.."

build_packages=(libssl-dev libldns-dev libsqlite3-dev libidn2-dev libpsl-dev libmaxminddb-dev zlib1g-dev pkg-config)
lab_packages=(iproute2 uidmap util-linux openssl sslscan ldnsutils bind9-dnsutils unbound-host
    python3 python3-venv python3-yaml python3-dnspython python3-cryptography)
server_packages=(postfix exim4-daemon-light nginx libnginx-mod-mail nsd unbound)

main() {
    case ${1:-lab} in
    build) wanted=("${build_packages[@]}") ;;
    lab) wanted=("${build_packages[@]}" "${lab_packages[@]}") ;;
    *) stop "usage: scripts/setup.sh [build|lab]" ;;
    esac
    require_swift
    command -v apt-get >/dev/null ||
        stop "this is not Debian or Ubuntu (no apt-get): install the equivalents of: ${wanted[*]}"
    install_missing "${wanted[@]}"
    [[ ${1:-lab} == build ]] && return
    unpack_servers
    scripts/venv.sh .lab/venv Tests/Lab/requirements.txt /usr/bin/python3
}

stop() {
    echo "setup: $*" >&2
    exit 1
}

require_swift() {
    command -v swift >/dev/null || stop "no Swift: install Swift 6.2 or later from swift.org/install"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    [[ $(printf '6.2\n%s\n' "${version:-0}" | sort -V | head -n 1) == 6.2 ]] ||
        stop "Swift ${version:-of unknown version} is too old: Swift 6.2 or later is needed"
}

# Debian says "install ok installed" for a package that is there, whatever else it once was.
missing() {
    local package
    declare -A present=()
    while read -r package; do present[$package]=1; done < <(
        dpkg-query -W -f '${Package} ${Status}\n' "$@" 2>/dev/null | sed -n 's/ install ok installed$//p')
    for package in "$@"; do [[ -n ${present[$package]:-} ]] || echo "$package"; done
}

install_missing() {
    local packages
    mapfile -t packages < <(missing "$@")
    [[ ${#packages[@]} -gt 0 ]] || return 0
    echo "setup: installing ${packages[*]}"
    as_root apt-get install -o DPkg::Lock::Timeout=300 -y --no-install-recommends "${packages[@]}"
}

as_root() {
    local root=()
    if [[ $EUID -ne 0 ]]; then
        sudo -n true 2>/dev/null ||
            stop "neither root nor sudo without a password: run as root 'apt-get install ${packages[*]}', then again"
        root=(sudo -n)
    fi
    refresh "${root[@]}"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >.lab/apt.log 2>&1 ||
        stop "'$*' failed: $(grep -m 1 '^E:' .lab/apt.log || echo 'see .lab/apt.log')"
}

# The package lists of this machine may be old or absent; once a run is enough.
refresh() {
    mkdir -p .lab
    [[ -z ${refreshed:-} ]] || return 0
    refreshed=1
    "$@" apt-get update >.lab/apt.log 2>&1 || echo "setup: apt-get update failed, trying with the lists there are" >&2
}

# What is unpacked is named in a stamp, so that a new package or a new Debian makes it afresh.
unpack_servers() {
    local stamp
    stamp="$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release) ${server_packages[*]}"
    if [[ $(cat .lab/root/stamp 2>/dev/null) != "$stamp" ]]; then
        mkdir -p .lab
        exec 9>.lab/lock
        flock 9 # two runs at once unpack once
    fi
    if [[ $(cat .lab/root/stamp 2>/dev/null) != "$stamp" ]]; then
        echo "setup: unpacking ${server_packages[*]} into .lab/root"
        rm -rf .lab/root .lab/debs
        mkdir -p .lab/root .lab/debs
        download_servers
        local deb
        for deb in .lab/debs/*.deb; do dpkg -x "$deb" .lab/root; done
        server_libraries >.lab/root/libraries
        echo "$stamp" >.lab/root/stamp
    fi
    local libraries
    mapfile -t libraries <.lab/root/libraries
    install_missing "${libraries[@]}"
}

download_servers() {
    download() {
        (cd .lab/debs && apt-get -o APT::Sandbox::User=root download "${server_packages[@]}") >.lab/apt.log 2>&1
    }
    download && return
    if [[ $EUID -eq 0 ]]; then refresh; else refresh sudo -n; fi
    download ||
        stop "apt-get download failed: $(grep -m 1 '^E:' .lab/apt.log || echo 'see .lab/apt.log')"
}

# The shared libraries that the servers depend on: the first of each set of alternatives, libraries only.
server_libraries() {
    local deb
    for deb in .lab/debs/*.deb; do dpkg-deb -f "$deb" Depends; done |
        tr ',' '\n' | sed 's/|.*//; s/(.*//; s/:any//; s/ //g' | grep '^lib' | grep -v '^libnginx-mod' | sort -u
}

main "$@"
