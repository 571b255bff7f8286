# SPDX-License-Identifier: Apache-2.0
"""What a question costs: one MX question for each of many unsigned domains, at a resolver that has the answers ready.

All of it is counted: question, answer, "no DS" known from the registry, the row in the database, of which the last are
written when the next stage begins. The bound is for the machine of the reference's 704 us, and grows with them.
"""

from measure import Figures, Scan
from workload import PAIRS, QUESTIONS

MOST_US = 60
ANSWERED = "SELECT count(*) FROM domains WHERE dns_mx_outcome = 'noerror_data' AND dns_mx_dnssec = 'insecure'"


def run(bench):
    names = bench.folder / "questions.names"
    names.write_text("".join(f"d{i}.questions.bench\n" for i in range(QUESTIONS)))
    costs = []
    for number in range(PAIRS + 1):
        bench.progress(f"questions, run {number} of {PAIRS}")
        scan = Scan(bench.mxcensus, names, bench.folder, bench.options())
        scan.require(QUESTIONS, "insecure answers", ANSWERED)
        costs.append(scan.cpu_us("domains", "hosts") / QUESTIONS)
    bench.title(f"A question answered, unsigned and warm: CPU per domain ({QUESTIONS})")
    bench.line("mxcensus", Figures(costs[1:]), "{:.0f} us", MOST_US, of_this_machine=True)  # the first run warmed the resolver
