#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""run.py PROGRAM FOLDER [--zones N] [--seed N] [--size N]: random internets, judged by unbound and by the program.

Every question on which they differ is put to both again, alone and with empty caches; if they still differ it is kept in
FOLDER as a case that Tests/Lab/replay/replay.py can replay. Ends with 1 if a difference has no explanation.
"""

import argparse
import base64
import collections
import json
import random as randomness
import sys
import tempfile
import time
from pathlib import Path

import asking
import tampering
from explained import explanation
from servers import RESOLVER, Servers
from world import World

ALONE = "127.0.0.54"
LOOKS = 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--zones", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--size", type=int, default=400, help="zones of one internet")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    totals = collections.Counter()
    seed = options.seed
    while totals["zones"] < options.zones:
        began = time.monotonic()
        run_world(seed, options, totals)
        print(f"seed {seed}: {time.monotonic() - began:.0f} s, so far {dict(totals)}", flush=True)
        seed += 1
    report(totals)
    sys.exit(any(what.startswith("unexplained") for what in totals))


def run_world(seed, options, totals):
    world = World(seed, options.size, int(time.time()))
    random = randomness.Random(f"manners {seed}")
    tampered = [name for name, plan in world.plans.items() if name.count(".") > 1 and random.random() < 0.35]
    manners = {name: random.choice(list(tampering.MANNERS)) for name in tampered}
    questions = list(dict.fromkeys((name, mnemonic) for name, mnemonic, _ in world.questions))
    random.shuffle(questions)
    with tempfile.TemporaryDirectory() as scratch:
        servers = Servers(world, manners, Path(scratch))
        try:
            anchor, file = Path(scratch) / "root.ds", Path(scratch) / "questions"
            ours = asking.judged_by_us(options.program, RESOLVER, anchor, questions, file)
            theirs = asking.judged_by_unbound(RESOLVER, questions)
            totals["zones"] += len(world.plans)
            totals["questions"] += len(questions)
            for question in questions:
                totals[f"{theirs[question][0]} there"] += 1
                if agree(ours[question], theirs[question]):
                    totals["agreements"] += 1
                else:
                    totals[look_again(question, ours[question], world, manners, servers, options)] += 1
        finally:
            servers.stop()


def agree(ours, theirs):
    if "indeterminate" in (ours[0], theirs[0]):
        return ours[0] == theirs[0]
    return ours == theirs


def look_again(question, before, world, manners, servers, options):
    """Each alone, with empty caches; what then agrees is an effect of what a cache had kept of other questions."""
    anchor, file = servers.folder / "root.ds", servers.folder / "question"
    for _ in range(LOOKS):
        ours = alone(servers, lambda: asking.judged_by_us(options.program, ALONE, anchor, [question], file))[question]
        checked = alone(servers, lambda: asking.ask_all(ALONE, [question], checking_disabled=False))
        unchecked = alone(servers, lambda: asking.ask_all(ALONE, [question], checking_disabled=True))
        theirs = asking.verdicts_of([question], checked, unchecked)[question]
        # On a busy machine somebody may have waited too long for an answer: that is nobody's judgement.
        if agree(ours, theirs) or "indeterminate" not in (ours[0], theirs[0]):
            break
    if agree(ours, theirs):
        who = "unbound" if agree(ours, before) else "our answer"
        print(f"seed {world.seed} {' '.join(question)}: {'/'.join(before)}, alone {'/'.join(ours)} here", flush=True)
        return f"agreements, asked alone, where {who} changed"
    holder = next((zone for name, mnemonic, zone in world.questions if (name, mnemonic) == question), ".")
    exchanges = alone(servers, lambda: asking.exchanges(ALONE, question))
    story = stories(world, manners, [holder])
    case = {
        "id": f"seed {world.seed} {' '.join(question)}",
        "title": f"{'/'.join(ours)} here, {'/'.join(theirs)} there",
        "reason": alone(servers, lambda: asking.reason(options.program, ALONE, anchor, question)),
        "story": story,
        # Aliases lead elsewhere, and what is asked for on the way is damaged there.
        "story_elsewhere": stories(world, manners, [exchange["name"] for exchange in exchanges]),
        "time": world.now,
        "trust_anchors": [servers.anchor().strip()],
        "query": {"name": question[0], "type": question[1]},
        "expect": {"status": theirs[0]},
        "accept": [theirs[0]],
        "judged": base64.b64encode(checked[question].octets()).decode() if question in checked else "",
        "grade": "found",
        "exchanges": exchanges,
    }
    explained = explanation(ours, theirs, case)
    kind = f"explained: {explained}" if explained else f"unexplained: {case['title']}"
    folder = options.folder / ("explained" if explained else "unexplained")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{world.seed}-{question[0].replace('*', '_')}{question[1]}.json"
    path.write_text(json.dumps({"cases": [case]}, indent=1))
    if not explained:
        print(f"{case['id']}: {case['title']}: {case['reason']}\n  " + "\n  ".join(story), flush=True)
    return kind


def stories(world, manners, names):
    """What is known of the zones at and above these names, from the root down."""
    return [
        f"{name}: {plan.security} {plan.shape} faults {plan.faults} manner {manners.get(name)}"
        for name, plan in world.plans.items()
        if name != "." and any(("." + below.rstrip(".") + ".").endswith("." + name) for below in names)
    ]


def alone(servers, action):
    process = servers.start_resolver(ALONE)
    try:
        return action()
    finally:
        process.terminate()
        process.wait()
        servers.processes.remove(process)


def report(totals):
    for what, count in sorted(totals.items()):
        print(f"{count:8} {what}")


if __name__ == "__main__":
    main()
