# SPDX-License-Identifier: Apache-2.0
"""Are the expectations of policies.yaml true? lab.sh .lab/venv/bin/python Tests/Lab/policy_peers

curl, postfix-mta-sts-resolver and checkdmarc fetch and read the same policies, through the lab's resolver and with the
lab's root CA, and unbound says which names there are. Where they say otherwise, `explained` must name the section of the RFC that decides; an explanation that nobody
needs any more is a failure, too. Ends with `N passed, N failed`.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LAB = Path(os.environ["MXCENSUS_LAB"])
for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):  # before the libraries look
    os.environ[variable] = str(LAB / "ca.pem")

import checkdmarc_says  # noqa: E402
import curl_says  # noqa: E402
import dns_says  # noqa: E402
import expected  # noqa: E402
import postfix_says  # noqa: E402
from explained import EXPLAINED, NOT_ASKED  # noqa: E402


def main():
    internet = json.loads((LAB / "internet.json").read_text(encoding="utf-8"))
    policies = internet["policies"].items()
    with ThreadPoolExecutor(8) as pool:
        jobs = [
            (peer.NAME, name, kind, expected.answer(kind, cells, peer.NAME), pool.submit(ask, name, cells))
            for name, cells in policies
            for peer in (curl_says, dns_says, postfix_says, checkdmarc_says)
            for kind, ask in peer.ASK.items()
            if expected.states(kind, cells) and (peer.NAME, name, kind) not in NOT_ASKED
        ]
        answers = [(peer, name, kind, wanted, job.result()) for peer, name, kind, wanted, job in jobs]
    differing = {(peer, name, kind): (wanted, seen) for peer, name, kind, wanted, seen in answers if wanted != seen}
    for key, reason in NOT_ASKED.items():
        print(f"skipped  {' '.join(key)}: {reason}")
    unexplained = differing.keys() - EXPLAINED.keys()
    outdated = EXPLAINED.keys() - differing.keys()
    for key, (wanted, seen) in sorted(differing.items()):
        if key in EXPLAINED:
            print(f"explained {' '.join(key)}: we say {wanted}, it says {seen}: {EXPLAINED[key]}")
        else:
            print(f"DISAGREE {' '.join(key)}: expected {wanted}, the peer says {seen}")
    for key in outdated:
        print(f"DISAGREE {' '.join(key)}: is explained, and does not differ")
    failed = len(unexplained) + len(outdated)
    print(f"{len(answers) - len(unexplained)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
