#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Asks the lab through other people's programs: run it as `lab.sh smoke.sh`. Each line says what a peer answered.
set -uo pipefail
failures=0

main() {
    names
    handshakes
    [[ $failures -eq 0 ]] && echo "smoke: all well" && exit 0
    echo "smoke: $failures failed"
    exit 1
}

# expect WHAT PATTERN COMMAND...: COMMAND's output must match the pattern.
expect() {
    local what=$1 pattern=$2 output
    shift 2
    output=$(timeout 20 "$@" 2>&1 </dev/null)
    if grep -Eq -- "$pattern" <<<"$output"; then
        echo "ok      $what"
    else
        failures=$((failures + 1))
        echo "FAILED  $what: no /$pattern/ from: $*"
        tail -n 12 <<<"$output" | sed 's/^/        /'
    fi
}

names() {
    expect "nothing leaves: loopback is the only interface" '^1$' bash -c 'ip -o link | wc -l'
    expect "nothing leaves: no route" '^$' ip route
    expect "resolver: secure answer has AD" 'flags:[a-z ]* ad[; ]' dig +dnssec good.alpha MX
    expect "resolver: insecure answer has no AD" 'flags: qr rd ra;' dig +dnssec oldtls.alpha MX
    expect "resolver: TCP" 'flags:[a-z ]* ad[; ]' dig +tcp +dnssec good.alpha MX
    expect "resolver: expired signatures are SERVFAIL" 'status: SERVFAIL' dig sigexpired.alpha MX
    expect "resolver: with CD they are served" 'status: NOERROR' dig +cd +dnssec sigexpired.alpha MX
    expect "resolver: wrong DS is SERVFAIL" 'status: SERVFAIL' dig wrongds.beta MX
    expect "resolver: altered data are SERVFAIL" 'status: SERVFAIL' dig altered.beta MX
    expect "resolver: lame delegation is SERVFAIL" 'status: SERVFAIL' dig lame.gamma MX
    expect "resolver: signed NXDOMAIN has AD" 'flags:[a-z ]* ad[; ]' dig +dnssec nothere.beta MX
    expect "resolver: NXDOMAIN in an opt-out span has no AD" 'flags: qr rd ra;' dig +dnssec nothere.alpha MX
    validators good.alpha 'fully validated' '\(secure\)'
    validators unknownca.alpha 'fully validated' '\(secure\)'
    validators exim.beta 'fully validated' '\(secure\)'
    validators oldtls.alpha 'unsigned answer' '\(insecure\)'
    validators expired.gamma 'unsigned answer' '\(insecure\)'
    validators sigexpired.alpha 'resolution failed|expired' '\(BOGUS'
    validators altered.beta 'resolution failed|verify failed' '\(BOGUS'
    validators wrongds.beta 'resolution failed|no valid' '\(BOGUS'
}

# delv and unbound-host validate by themselves, from the lab's trust anchor down.
validators() {
    local name=$1 delv=$2 unbound=$3
    expect "delv: $name MX" "$delv" delv -a "$anchor" +root=. "@$MXCENSUS_RESOLVER" "$name" MX
    expect "unbound-host: $name MX" "$unbound" unbound-host -r -v -f "$MXCENSUS_LAB/root.key" -t MX "$name"
}

# BIND wants the trust anchor in its own words.
write_anchor() {
    anchor=$(mktemp)
    trap 'rm -f "$anchor"' EXIT
    awk '{ printf "trust-anchors { . static-key %s %s %s \"%s\"; };\n", $5, $6, $7, $8 }' \
        "$MXCENSUS_LAB/root.key" >"$anchor"
}

handshakes() {
    tls postfix mx1.good.alpha 127.0.1.1 TLSv1.3 'return code: 0 '
    tls postfix mx1.good.alpha '[fd00:6d78::101]' TLSv1.3 'return code: 0 '
    tls postfix mx2.good.alpha 127.0.1.2 TLSv1.2 'return code: 0 '
    tls postfix mx.oldtls.alpha 127.0.1.3 'TLSv1$' 'return code: 0 '
    tls postfix mx.unknownca.alpha 127.0.1.4 TLSv1.3 'return code: 20 |return code: 21 |return code: 19 '
    tls exim mx.exim.beta 127.0.2.1 TLSv1.3 'return code: 0 '
    tls exim mx.exim.beta '[fd00:6d78::201]' TLSv1.3 'return code: 0 '
    tls exim mx.selfsigned.beta 127.0.2.2 TLSv1.2 'return code: 18 '
    tls nginx mx.expired.gamma 127.0.3.1 TLSv1.3 'return code: 10 '
    tls nginx mx.wrongname.gamma 127.0.3.2 TLSv1.3 'return code: 62 '
    expect "posttls-finger: good.alpha" 'Verified TLS connection established to mx1.good.alpha' \
        posttls-finger -c -l secure -F "$MXCENSUS_LAB/ca.pem" good.alpha
    expect "closed port is refused" 'Connection refused' bash -c 'echo >/dev/tcp/127.0.5.1/25'
    expect "black hole says nothing" 'rc=124' bash -c 'timeout 2 bash -c "echo >/dev/tcp/127.0.5.2/25"; echo rc=$?'
}

tls() {
    local server=$1 host=$2 address=$3 version=$4 verdict=$5
    local client=(openssl s_client -starttls smtp -connect "$address:25" -servername "$host" -verify_hostname "$host"
        -CAfile "$MXCENSUS_LAB/ca.pem" -cipher ALL:@SECLEVEL=0 -min_protocol TLSv1)
    expect "$server: $host $address version" "Protocol *: $version|New, $version" "${client[@]}"
    expect "$server: $host $address certificate" "$verdict" "${client[@]}"
}

write_anchor
main
