# SPDX-License-Identifier: Apache-2.0
"""What a full STARTTLS probe costs, against the reference program on the same responder; and how much memory it takes.

The reference verifies chain and name inside each handshake. mxcensus writes every observation to its database and
judges chains and names afterwards, so its whole cost is that of two stages, of what is written between them, and of
starting and ending: all but the stages that come before, and the raw hellos, which the reference does not send. That of
the stage `endpoints` alone is shown beside it, and that of a raw hello.
"""

import responder
from measure import Figures, Scan, ratios, reference
from workload import CONNECTIONS, ENDPOINTS_PER_HOST, PAIRS, address, host_count

# What the reference took on the machine for which the bounds in microseconds were set.
REFERENCE_US = 704
MOST_RATIO = 1.25
MOST_HELLO_US = 150
MOST_MEMORY_MB = 80
HELLOS = 3  # to each address behind TLS 1.3
WELL_PROBED = """\
SELECT count(*) FROM tls_probes
WHERE hello_profile = 'full' AND outcome = 'ok' AND version = 'TLSv1.3'
    AND pkix = 'valid' AND name_match_mx LIKE 'match%'
"""


def run(bench):
    names = bench.folder / "probes.names"
    names.write_text("".join(f"d{host}.probes.bench\n" for host in range(host_count())))
    targets = bench.folder / "probes.targets"
    targets.write_text(
        "".join(
            f"{address(host, i)} mx{host}.probes.bench\n"
            for host in range(host_count())
            for i in range(ENDPOINTS_PER_HOST)
        )
    )
    certificate = bench.world / "certificates/certificate.bench"
    server = responder.start(bench.folder, f"{certificate}.pem", f"{certificate}.key", CONNECTIONS)
    try:
        rounds = [measure(bench, names, targets, number) for number in range(PAIRS)]
    finally:
        server.terminate()
        server.wait()
    report(bench, rounds)


def measure(bench, names, targets, number):
    bench.progress(f"probes, pair {number + 1} of {PAIRS}")
    endpoints = host_count() * ENDPOINTS_PER_HOST
    limit = reference(bench.reference, bench.world / "ca.pem", targets, CONNECTIONS, bench.folder)
    scan = Scan(bench.mxcensus, names, bench.folder, bench.options())
    scan.require(endpoints, "endpoints with TLS 1.3, a valid chain and the right name", WELL_PROBED)
    return {
        "reference": 1_000 * limit["cpu_ms"] / limit["units"],
        "seeing": scan.cpu_us("endpoints") / endpoints,
        "whole": scan.cpu_us_but("reading", "domains", "hosts", "policies", "hellos") / endpoints,
        "hello": scan.cpu_us("hellos") / endpoints / HELLOS,
        "memory": scan.cost.peak_mb,
        "files": scan.cost.most_files,
    }


def report(bench, rounds):
    each = {key: [figures[key] for figures in rounds] for key in rounds[0]}
    bench.title(f"A full STARTTLS probe: CPU per endpoint ({host_count() * ENDPOINTS_PER_HOST}, {CONNECTIONS} at once)")
    bench.line("reference program, C", Figures(each["reference"]), "{:.0f} us")
    bench.line("mxcensus, stage endpoints", Figures(each["seeing"]), "{:.0f} us")
    bench.line("mxcensus, written and judged", Figures(each["whole"]), "{:.0f} us")
    bench.slowness = Figures(each["reference"]).median / REFERENCE_US
    print(f"  times what the reference took where the bounds were set: {bench.slowness:.2f}; bounds in us are that much higher")
    bench.line("mxcensus, each raw hello", Figures(each["hello"]), "{:.0f} us", MOST_HELLO_US, of_this_machine=True)
    bench.line("ratio, stage endpoints", ratios(each["seeing"], each["reference"]), "{:.2f}")
    bench.line("ratio, written and judged", ratios(each["whole"], each["reference"]), "{:.2f}", MOST_RATIO)
    bench.title(f"Memory with {CONNECTIONS} connections at once, as the {max(each['files'])} open files show")
    bench.line("mxcensus, peak", Figures(each["memory"]), "{:.0f} MB", MOST_MEMORY_MB)
