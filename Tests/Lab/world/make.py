#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make.py DESCRIPTION DIRECTORY: turns internet.yaml into the files of the lab: zones, certificates, configurations."""

import csv
import json
import sys
from pathlib import Path

import description
import mailservers
import nameservers
import policies
import policyhosts
import zones
from certificates import Certificates, pem


def main():
    source, directory = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        internet = description.read(source)
        if "policies" in internet:
            policies.read(source.with_name(internet["policies"]), internet)
        make(internet, directory)
    except description.DescriptionError as error:
        sys.exit(f"{source}: {error}")


def make(internet, directory):
    (directory / "zones").mkdir(parents=True)
    certificates = Certificates(directory / "certificates")
    https = internet.get("https", {})
    for name, host in [*internet["hosts"].items(), *https.items()]:
        if host["server"] in {"postfix", "exim", "nginx", "scripted"}:
            host["certificate"]["chain_file"], host["certificate"]["key_file"] = certificates.make(
                name, host["certificate"]
            )
    (directory / "ca.pem").write_bytes(pem(certificates.root.certificate))

    served, anchor = zones.write(internet, certificates, directory / "zones")
    (directory / "root.ds").write_text("\n".join(anchor["ds"]) + "\n")
    (directory / "root.key").write_text("\n".join(anchor["dnskey"]) + "\n")
    nameservers.write(served, directory, zones.ROOT_SERVER)
    mailservers.write(internet["hosts"], directory, policyhosts.write(https, directory))

    ipv6 = {address for host in internet["hosts"].values() for address in host["v6"]}
    ipv6 = sorted(ipv6 | {host["address"] for host in https.values() if ":" in host["address"]})
    (directory / "addresses6").write_text("".join(f"{address}/128\n" for address in ipv6))
    write_list(internet["domains"], directory / "domains.csv")
    (directory / "policies.csv").write_text("domain\n" + "".join(f"{name}\n" for name in internet.get("policies", {})))
    (directory / "internet.json").write_text(
        json.dumps(internet, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def write_list(domains, path):
    """The list to survey. `listed: false` keeps a domain off it, `listed: NAME` spells it differently."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["domain", "sector", "rank"])
        listed = [(name, domain) for name, domain in domains.items() if domain["listed"]]
        for rank, (name, domain) in enumerate(listed, start=1):
            spelling = name if domain["listed"] is True else domain["listed"]
            rows.writerow([spelling, domain.get("sector", ""), domain.get("rank", rank)])


if __name__ == "__main__":
    main()
