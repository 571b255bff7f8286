#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make.py FOLDER SIGNER DOMAINS SEED [black_holes=SHARE] [own=SHARE] [only=BEHAVIOUR]: writes a world.

`own` sets how many domains run their own mail host, `black_holes` how many of those are black holes; `only` gives every
domain one host of its own that behaves so. Names, shares, behaviours and truth are functions of these arguments; keys, signatures and dates are of today.
"""

import json
import pickle
import sys
from pathlib import Path

import authority
import truth
from model import World
from zones import Zones


def main():
    folder, signer, count, seed = Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    options = dict(option.split("=", 1) for option in sys.argv[5:])
    shares = {name: float(options[name]) for name in ("black_holes", "own") if name in options}
    world = World(count, seed, only=options.get("only"), **shares)
    folder.mkdir(parents=True)
    zones = Zones(folder / "zones", world, authority.make(folder))
    counts, late = truth.Truth(), []
    with open(folder / "domains.csv", "w", encoding="ascii") as names:
        names.write("domain,sector,rank\n")
        for rank, domain in enumerate(world.domains(), start=1):
            names.write(f"{domain.name},{domain.kind},{rank}\n")
            fresh = [host for _, host in domain.hosts if not host.is_counted]
            for host in fresh:
                host.is_counted = True
                zones.add_host(host)
            zones.add_domain(domain)
            # What depends on who was let in is counted when that is known.
            if truth.stateful(host for _, host in domain.hosts):
                late.append((domain, fresh))
                continue
            counts.add_domain(domain)
            for host in fresh:
                counts.add_host(host)
    anchor = zones.finish(signer)
    (folder / "root.ds").write_text("\n".join(anchor) + "\n")
    zones.configure(folder)
    with open(folder / "truth.pickle", "wb") as file:
        pickle.dump((counts, late), file)
    stateless = {**counts.totals, "waiting_for_greylists": len(late)}
    (folder / "made.json").write_text(json.dumps({"count": count, "seed": seed, **options, **stateless}) + "\n")


if __name__ == "__main__":
    main()
