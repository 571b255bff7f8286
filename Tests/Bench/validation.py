# SPDX-License-Identifier: Apache-2.0
"""What DNSSEC validation adds for a domain, signed or not, against what it adds to unbound for the same questions.

Both sides are a difference, so that what asking and answering cost falls out: mxcensus with `--dnssec validate` less
`--dnssec off`, unbound with its validator less without. Each begins anew, so the domains' zones are cold; the
registry's keys cost once for all of them. The domains are small: an MX host, its address, one ECDSA key if signed.
What is to be shown of the unsigned is that their registry opts out of signing them (RFC 5155 section 6).

A difference of two large figures is worth no more than the worse of them, and other work on the machine only ever adds
to processor time. So each of a pair's four figures is the least of several runs, which take turns.
"""

import asyncio
import contextlib
import sqlite3
import subprocess
import time

import dns.exception
import dns.message
import dns.query
import nameservers
from measure import Broken, Figures, Scan, processor_us, ratios
from workload import PAIRS, REPEATS, SIGNED, UNSIGNED

MOST_RATIO = 1.0
UNBOUND = "127.0.0.54"
AT_ONCE = 1  # several at once share wake-ups, more or fewer by what else the machine does
SECONDS_TO_ANSWER = 300  # for all of them, on a machine that does much else
NOBODY_LISTENS = "26"  # the mail hosts are not what is measured here: the kernel refuses at once
JUDGED = "SELECT count(*) FROM mx_hosts WHERE addr_dnssec_v4 = '{}'"
ASKED_FOR_TLSA = "SELECT count(*) FROM mx_hosts WHERE tlsa_dnssec = 'secure'"


def run(bench):
    compare(bench, "a signed domain, MX and A, its zone cold", [f"d{i}.signed" for i in range(SIGNED)], "secure")
    unsigned = [f"u{i}.signed" for i in range(UNSIGNED)]
    compare(bench, "an unsigned domain below an opt-out registry, MX and A", unsigned, "insecure")


def compare(bench, what, domains, security):
    names = bench.folder / "validation.names"
    names.write_text("".join(f"{domain}\n" for domain in domains))
    first = ours(bench, names, "validate", len(domains), security)  # the resolver has everything ready from here on
    plain = [question for domain in domains for question in ((domain, "MX"), (f"mx.{domain}", "A"))]
    # Only who validates asks for TLSA, and only where the address is secure (RFC 7672 section 2.2.2).
    tlsa = [(f"_25._tcp.mx.{domain}", "TLSA") for domain in domains] if asked_for_tlsa(first) else []
    measures = {
        "peer": lambda: unbound(bench, "validator iterator", plain + tlsa),
        "peer without": lambda: unbound(bench, "iterator", plain),
        "own": lambda: cpu_us(ours(bench, names, "validate", len(domains), security)),
        "own without": lambda: cpu_us(ours(bench, names, "off", len(domains), "not_validated")),
    }
    rounds = []
    for number in range(PAIRS):
        bench.progress(f"validation, {security}, pair {number + 1} of {PAIRS}")
        runs = [{what: measure() for what, measure in measures.items()} for _ in range(REPEATS)]
        least = {what: min(run[what] for run in runs) / len(domains) for what in measures}
        rounds.append((least["own"] - least["own without"], least["peer"] - least["peer without"]))
    bench.title(f"Validation of {what}{', TLSA' if tlsa else ''}: CPU per domain ({len(domains)})")
    bench.line("unbound, validating less not", Figures(peer for _, peer in rounds), "{:.1f} us")
    bench.line("mxcensus, validating less not", Figures(own for own, _ in rounds), "{:.1f} us")
    bench.line("ratio", ratios(*zip(*rounds)), "{:.2f}", MOST_RATIO)


def ours(bench, names, mode, count, security):
    options = [*bench.options(), "--dnssec", mode, "--families", "4", "--ports", NOBODY_LISTENS]
    scan = Scan(bench.mxcensus, names, bench.folder, options)
    scan.require(count, f"hosts with {security} addresses", JUDGED.format(security))
    return scan


def cpu_us(scan):
    return scan.cpu_us("domains", "hosts")


def asked_for_tlsa(scan):
    with contextlib.closing(sqlite3.connect(scan.database)) as database:
        return database.execute(ASKED_FOR_TLSA).fetchone()[0] > 0


def unbound(bench, modules, questions):
    config = bench.folder / "unbound.conf"
    text = nameservers.UNBOUND.format(resolver=UNBOUND)
    text = text.replace("validator iterator", modules).replace("/run/lab/unbound.pid", f"{bench.folder}/unbound.pid")
    config.write_text(text.replace("/run/lab/log/unbound.log", f"{bench.folder}/unbound.log"))
    process = subprocess.Popen(["/usr/sbin/unbound", "-d", "-p", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        warm_up(process)
        before = processor_us(process)
        asyncio.run(ask([dns.message.make_query(*question, want_dnssec=True).to_wire() for question in questions]))
        return processor_us(process) - before
    finally:
        process.terminate()
        process.wait()


def warm_up(process):
    """A name that is not there, below the registry: now its keys are known, and no domain's."""
    query = dns.message.make_query("nobody.signed", "MX", want_dnssec=True)
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while True:
        try:
            dns.query.udp(query, UNBOUND, timeout=1)
            return
        except (OSError, dns.exception.Timeout):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Broken("unbound does not answer") from None
            time.sleep(0.05)


async def ask(questions):
    """Asks them all, so many at once, and waits for every answer."""
    loop = asyncio.get_running_loop()
    transport, asker = await loop.create_datagram_endpoint(lambda: Asker(questions), remote_addr=(UNBOUND, 53))
    try:
        await asyncio.wait_for(asker.over, SECONDS_TO_ANSWER)
    except TimeoutError:
        raise Broken(f"unbound left {len(asker.unanswered)} questions unanswered") from None
    finally:
        transport.close()


class Asker(asyncio.DatagramProtocol):
    """Each answer makes room for the next question; the message's number says which one it answers."""

    def __init__(self, questions):
        self.questions = questions
        self.next = 0
        self.unanswered = set(range(len(questions)))
        self.over = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        for _ in range(min(AT_ONCE, len(self.questions))):
            self.ask_next()

    def ask_next(self):
        if self.next < len(self.questions):
            self.transport.sendto(self.next.to_bytes(2, "big") + self.questions[self.next][2:])
            self.next += 1

    def datagram_received(self, data, _):
        self.unanswered.discard(int.from_bytes(data[:2], "big"))
        self.ask_next()
        if not self.unanswered and not self.over.done():
            self.over.set_result(None)
