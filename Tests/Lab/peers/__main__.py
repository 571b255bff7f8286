# SPDX-License-Identifier: Apache-2.0
"""Are the expectations of internet.yaml true? Asks programs that are not ours: lab.sh /usr/bin/python3 Tests/Lab/peers

unbound-host and delv validate every name; posttls-finger, openssl and sslscan talk to every address. Each disagreement
is printed, and each case in which a peer is known to be no judge, with the reason; then `N passed, N failed`.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import openssl
import post_quantum
import postfix
import sslscan
import validators
from answers import LAB, NO_JUDGE


def main():
    internet = json.loads((LAB / "internet.json").read_text(encoding="utf-8"))
    validators.write_anchor()
    with ThreadPoolExecutor(4) as pool:
        domains = pool.map(lambda item: list(validators.about_domain(*item)), internet["domains"].items())
        hosts = pool.map(lambda item: list(about_host(*item)), internet["hosts"].items())
        answers = [answer for group in (*domains, *hosts) for answer in group]
    skipped = {(answer["peer"], answer["name"]) for answer in answers} & NO_JUDGE.keys()
    for peer, name in sorted(skipped):
        print(f"skipped  {peer} {name}: {NO_JUDGE[peer, name]}")
    judged = [answer for answer in answers if (answer["peer"], answer["name"]) not in skipped]
    failed = [answer for answer in judged if not answer["agrees"]]
    for answer in failed:
        seen = str(answer["seen"]).strip().replace("\n", " | ")[:300]
        print("DISAGREE {peer} {name}: expected {expected}, the peer says: ".format(**answer) + seen)
    print(f"{len(judged) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def about_host(name, host):
    addresses = []
    yield from validators.about_host(name, host, addresses)
    yield from postfix.about_host(name, host)
    for address in addresses:
        endpoint, probe = (of_address(host["expect"].get(table), address) for table in ("endpoints", "tls_probes"))
        yield from postfix.about_endpoint(name, address, endpoint, probe)
        yield from openssl.about_endpoint(name, address, probe)
        if host["server"] != "none" and ("hellos" in host["expect"] or probe.get("outcome") == "ok"):
            for peer in (openssl, sslscan, post_quantum):
                yield from peer.about_versions(name, address, host)


def of_address(cells, address):
    """`endpoints` and `tls_probes` hold for all addresses, or are keyed by address."""
    keyed = cells and any(isinstance(value, dict) for value in cells.values())
    return (cells.get(address, {}) if keyed else cells) or {}


if __name__ == "__main__":
    sys.exit(main())
