#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# as-user.sh COMMAND...: for root, runs COMMAND as an ordinary user who may make user namespaces, so that a test can
# take the way of a user on a machine where there is only root. The user exists inside a private mount namespace
# alone: nothing of the machine is changed, and $HOME is gone when COMMAND ends.
set -euo pipefail
script=$(readlink -f "${BASH_SOURCE[0]}")
repository=$(dirname "$(dirname "$(dirname "$script")")")
uid=64999

main() {
    [[ $EUID -eq 0 ]] || exec "$@"
    [[ ${1:-} == --inside ]] || exec unshare -m "$script" --inside "$PWD" "$@"
    local directory=$2
    shift 2
    mount -t tmpfs -o mode=755 tmpfs /mnt
    add_user
    # A checkout below a private folder is shown at a place that the user may enter.
    if ! as_user test -r "$script"; then
        mkdir /mnt/checkout
        mount --rbind "$repository" /mnt/checkout
        [[ $directory != "$repository"* ]] || directory=/mnt/checkout${directory#"$repository"}
        set -- "${@//"$repository"//mnt/checkout}"
    fi
    cd "$directory"
    PATH=$(tr : '\n' <<<"$PATH" | grep -v sbin | paste -s -d :) # an ordinary user's has no system programs
    exec setpriv --reuid $uid --regid $uid --clear-groups env HOME=/mnt/home USER=surveyor LOGNAME=surveyor "$@"
}

add_user() {
    mkdir /mnt/etc /mnt/home
    chown $uid:$uid /mnt/home
    extend passwd "surveyor:x:$uid:$uid:Surveyor:/mnt/home:/bin/bash"
    extend group "surveyor:x:$uid:"
    extend subuid surveyor:1000000:65536
    extend subgid surveyor:1000000:65536
    mount -t overlay -o lowerdir=/mnt/etc:/etc overlay /etc
}

extend() {
    { cat "/etc/$1" 2>/dev/null || true; echo "$2"; } >"/mnt/etc/$1"
}

as_user() {
    setpriv --reuid $uid --regid $uid --clear-groups "$@" 2>/dev/null
}

main "$@"
