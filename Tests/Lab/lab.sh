#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lab.sh [--] COMMAND...: runs COMMAND (a shell, if unsaid) in the lab, an internet in a box.
#
# The lab is a set of namespaces: own processes, mounts and network, from which nothing leaves. It is made in a few
# seconds, ends with COMMAND, and its exit status is COMMAND's. COMMAND finds the lab's files in $MXCENSUS_LAB and its
# resolver in $MXCENSUS_RESOLVER. $LAB_INTERNET names another description than internet.yaml. Needs what
# scripts/setup.sh installs; works as root and as an ordinary user.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin # an ordinary user's has neither
description=${LAB_INTERNET:-$here/internet.yaml}

main() {
    if [[ ${1:-} == --inside ]]; then
        shift
        inside "$@"
    fi
    [[ ${1:-} != -- ]] || shift
    [[ $# -gt 0 ]] || set -- "${SHELL:-/bin/bash}"
    check
    world=$(current_world)
    exec /usr/bin/python3 -B "$here/world/launch.py" "$here/lab.sh" --inside "$world" "$@"
}

stop() {
    echo "lab: $*" >&2
    exit 1
}

check() {
    [[ -s $repository/.lab/root/stamp ]] || stop "the servers are not unpacked: run scripts/setup.sh lab"
    [[ -s $repository/.lab/venv/stamp ]] || stop "its Python packages are not installed: run scripts/setup.sh lab"
    if [[ $EUID -eq 0 ]]; then
        unshare -nmpf true 2>/dev/null ||
            stop "root may not make namespaces here: is this a container without CAP_SYS_ADMIN?"
        return
    fi
    local user
    user=$(id -un)
    command -v newuidmap >/dev/null || stop "newuidmap is missing: apt-get install uidmap"
    for file in /etc/subuid /etc/subgid; do
        grep -q -e "^$user:" -e "^$EUID:" $file 2>/dev/null ||
            stop "$file has no line for $user:" \
                "as root, usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $user"
    done
    unshare --map-root-user --map-auto true 2>/dev/null ||
        stop "this kernel refuses user namespaces to ordinary users: run as root, or see sysctl" \
            "user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns"
}

# The generated files are kept for a day. Their name says what they were made from, so that a change makes new ones.
# Where .lab cannot be written, they are made for this run alone, inside.
current_world() {
    local hash world
    hash=$(cat "$description" "$here"/*.yaml "$here"/world/*.py <(date -u +%F) | sha256sum | cut -c 1-16)
    world=$repository/.lab/world-$hash
    if [[ ! -d $world && -w $repository/.lab ]]; then
        exec 9>"$repository/.lab/lock"
        flock 9 # of several labs at once, one makes the files and the others wait for them
        [[ -d $world ]] || keep_world "$world"
    fi
    echo "$world"
}

keep_world() {
    find "$repository/.lab" -maxdepth 1 \( -name 'world-*' -o -name 'making-*' \) -mtime +0 -exec rm -rf {} +
    local fresh
    fresh=$(mktemp -d "$repository/.lab/making-XXXXXX")
    generate "$fresh" || { rm -rf "$fresh"; exit 1; }
    chmod -R a+rX "$fresh"
    mv -T "$fresh" "$1"
}

generate() {
    /usr/bin/python3 -B "$here/world/make.py" "$description" "$1"
}

# The rest runs as root of the new namespaces. Nothing here touches the host: every mount is private.
inside() {
    local world=$1
    shift
    ip link set lo up
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir -p /run/lab/{log,nsd,exim,etc,packages,world} /run/lock
    private_dev
    if [[ -d $world ]]; then
        cp -r "$world/." /run/lab/world # a copy: what servers write beside it stays in this lab
    else
        generate /run/lab/world
    fi
    own_etc
    mount --bind "$repository/.lab/root/usr" /run/lab/packages
    overlay_usr
    add_addresses
    exec /usr/bin/python3 -B "$here/world/up.py" "$@"
}

# The unpacked packages before the host's files, both read-only. An unprivileged overlay keeps its marks in user.*.
overlay_usr() {
    local options=lowerdir=/run/lab/packages:/usr
    mount -t overlay -o $options overlay /usr 2>/dev/null || mount -t overlay -o $options,userxattr overlay /usr
}

# The host's devices, without its /dev/log.
private_dev() {
    mkdir /run/dev
    local device
    for device in null zero full random urandom tty; do
        touch /run/dev/$device
        mount --bind /dev/$device /run/dev/$device
    done
    mkdir /run/dev/pts /run/dev/shm
    mount -t devpts -o newinstance,ptmxmode=666 devpts /run/dev/pts
    mount -t tmpfs -o mode=1777 tmpfs /run/dev/shm
    ln -s pts/ptmx /run/dev/ptmx
    ln -s /proc/self/fd /run/dev/fd
    ln -s /proc/self/fd/0 /run/dev/stdin
    ln -s /proc/self/fd/1 /run/dev/stdout
    ln -s /proc/self/fd/2 /run/dev/stderr
    mount --rbind /run/dev /dev
}

# Who there is in the lab, and whom it asks for names: a copy of /etc, as far as it may be read, with files of our own.
own_etc() {
    cp -r --preserve=mode /etc/. /run/lab/etc/ 2>/dev/null || true
    rm -rf /run/lab/etc/{passwd,group,resolv.conf,hosts,nsswitch.conf,postfix}
    cat >/run/lab/etc/passwd <<'END'
root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
postfix:x:2001:2001:Postfix:/run/lab/postfix:/usr/sbin/nologin
Debian-exim:x:2003:2003:Exim:/run/lab/exim:/usr/sbin/nologin
END
    cat >/run/lab/etc/group <<'END'
root:x:0:
tty:x:5:
nogroup:x:65534:
postfix:x:2001:
postdrop:x:2002:
Debian-exim:x:2003:
END
    printf 'nameserver 127.0.0.53\noptions trust-ad\n' >/run/lab/etc/resolv.conf
    printf '127.0.0.1 localhost\n::1 localhost\n' >/run/lab/etc/hosts
    printf 'passwd: files\ngroup: files\nhosts: files dns\n' >/run/lab/etc/nsswitch.conf
    mkdir /run/lab/etc/postfix
    cp /run/lab/world/postfix/main.cf /run/lab/etc/postfix/ # for posttls-finger
    mount --bind /run/lab/etc /etc
    chown Debian-exim /run/lab/exim
}

# All of 127/8 is there by itself; of IPv6 only ::1 is.
add_addresses() {
    sed 's/^/address add /; s/$/ dev lo nodad/' /run/lab/world/addresses6 | ip -batch -
}

main "$@"
