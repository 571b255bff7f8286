# SPDX-License-Identifier: Apache-2.0
"""What a domain's policies cost: questions to DNS, the policy file of MTA-STS, and the parsers alone.

Unsigned domains below a signed registry that opts out, each a zone of its own with a mail host, SPF, DMARC, TLS-RPT and
MTA-STS; their policy hosts are one nginx, each with a certificate of its own. The same scan visits mail hosts on the
bench's responder, so that a fetch stands beside a full STARTTLS probe of the same run.
"""

import json
import subprocess

import responder
from measure import Broken, Figures, Scan, ratios
from workload import CONNECTIONS, ENDPOINTS_PER_HOST, PAIRS, POLICIES, policy_hosts

MOST_RATIO = 2.0
MOST_QUESTIONS = 9
FETCHED = "SELECT count(*) FROM mta_sts WHERE fetch = 'ok' AND policy = 'valid_enforce' AND match_domain = 'all'"
PROBED = "SELECT count(*) FROM tls_probes WHERE hello_profile = 'full' AND outcome = 'ok' AND source = 'measured'"
INSECURE = "SELECT count(*) FROM domains WHERE dns_mx_dnssec = 'insecure'"


def run(bench):
    names = bench.folder / "policies.names"
    names.write_text("".join(f"p{i}.signed\n" for i in range(POLICIES)))
    certificate = bench.world / "certificates/certificate.bench"
    server = responder.start(bench.folder, f"{certificate}.pem", f"{certificate}.key", CONNECTIONS)
    try:
        rounds = [measure(bench, names, number) for number in range(PAIRS)]
    finally:
        server.terminate()
        server.wait()
    report(bench, rounds, parsers(bench))


def measure(bench, names, number):
    bench.progress(f"policies, run {number + 1} of {PAIRS}")
    endpoints = policy_hosts() * ENDPOINTS_PER_HOST
    scan = Scan(bench.mxcensus, names, bench.folder, bench.options())
    scan.require(POLICIES, "policies that hold", FETCHED)
    scan.require(POLICIES, "unsigned domains", INSECURE)
    scan.require(endpoints, "endpoints with TLS", PROBED)
    return {
        "fetch": scan.cpu_us("policies") / POLICIES,
        "probe": scan.cpu_us("endpoints") / endpoints,
        "questions": scan.stages["domains"]["dns_queries"] / POLICIES,
        "domain": scan.cpu_us("domains") / POLICIES,
    }


def parsers(bench):
    done = subprocess.run([bench.records], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Broken(f"{bench.records} ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def report(bench, rounds, rates):
    each = {key: [figures[key] for figures in rounds] for key in rounds[0]}
    bench.title(f"The policies of an unsigned domain ({POLICIES}, each a zone of its own)")
    bench.line("DNS questions, MX and no DS too", Figures(each["questions"]), "{:.1f}", MOST_QUESTIONS)
    bench.line("CPU for all of them and the rows", Figures(each["domain"]), "{:.0f} us")
    bench.title("A policy file fetched over HTTPS, read and matched: CPU")
    bench.line("mxcensus, stage policies", Figures(each["fetch"]), "{:.0f} us")
    bench.line("a full STARTTLS probe, same run", Figures(each["probe"]), "{:.0f} us")
    bench.line("ratio", ratios(each["fetch"], each["probe"]), "{:.2f}", MOST_RATIO)
    bench.title("Read in a second of processor time")
    for what, rate in rates.items():
        bench.line(what, Figures([rate]), "{:,.0f}")
