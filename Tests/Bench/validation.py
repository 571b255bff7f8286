# SPDX-License-Identifier: Apache-2.0
"""What DNSSEC validation adds for a domain, signed or not, against what it adds to unbound for the same questions.

Both sides are a difference, so that what asking and answering cost falls out: mxcensus with `--dnssec validate` less
`--dnssec off`, unbound with its validator less without, one question after another. Each begins anew, so the domains'
zones are cold; the registry's keys cost once for all of them. The domains are small: an MX host, its address, its TLSA
record, one ECDSA key if signed. What is to be shown of the unsigned is that their registry opts out of signing them (RFC
5155 section 6).

A difference of two large figures is worth no more than the worse of them, and other work on the machine only ever adds
to processor time. So each of a pair's four figures is the least of several runs, which take turns.
"""

import asyncio
import os
import subprocess
import time

import dns.exception
import dns.message
import dns.query
import nameservers
from measure import Broken, Figures, processor_us, ratios, run as run_program
from workload import PAIRS, REPEATS, SIGNED, UNSIGNED

MOST_RATIO = 1.0
UNBOUND = "127.0.0.54"
AT_ONCE = 1  # several at once share wake-ups, more or fewer by what else the machine does
SECONDS_TO_ANSWER = 300  # for all of them, on a machine that does much else


def run(bench):
    signed = [f"d{i}.signed" for i in range(SIGNED)]
    unsigned = [f"u{i}.signed" for i in range(UNSIGNED)]
    compare(bench, "a signed domain, MX, A and TLSA, its zone cold", signed, ("MX", "A", "TLSA"), "secure")
    compare(bench, "an unsigned domain below an opt-out registry, MX and A", unsigned, ("MX", "A"), "insecure")


def compare(bench, what, domains, types, security):
    owner = {"MX": "{}", "A": "mx.{}", "TLSA": "_25._tcp.mx.{}"}
    questions = [(owner[kind].format(domain), kind) for domain in domains for kind in types]
    ours(bench, questions, "validate", security)  # the resolver has everything ready from here on
    measures = {
        "peer": lambda: unbound(bench, "validator iterator", questions),
        "peer without": lambda: unbound(bench, "iterator", questions),
        "own": lambda: ours(bench, questions, "validate", security),
        "own without": lambda: ours(bench, questions, "off", "not_validated"),
    }
    rounds = []
    for number in range(PAIRS):
        bench.progress(f"validation, {security}, pair {number + 1} of {PAIRS}")
        runs = [{what: measure() for what, measure in measures.items()} for _ in range(REPEATS)]
        least = {what: min(run[what] for run in runs) / len(domains) for what in measures}
        rounds.append((least["own"] - least["own without"], least["peer"] - least["peer without"]))
    bench.title(f"Validation of {what}: CPU per domain ({len(domains)})")
    bench.line("unbound, validating less not", Figures(peer for _, peer in rounds), "{:.1f} us")
    bench.line("mxcensus, validating less not", Figures(own for own, _ in rounds), "{:.1f} us")
    bench.line("ratio", ratios(*zip(*rounds)), "{:.2f}", MOST_RATIO)


def ours(bench, questions, mode, security):
    batch = bench.folder / "validation.questions"
    batch.write_text("".join(f"{name} {kind}\n" for name, kind in questions))
    answers = bench.folder / "validation.answers"
    options = ["--lab", "--resolver", os.environ["MXCENSUS_RESOLVER"], "--trust-anchor", bench.world / "root.ds"]
    command = [bench.mxcensus, "resolve", "--batch", batch, "--dnssec", mode, *options]
    cost = run_program(command, bench.folder / "validation.log", output=answers)
    found = sum(line.endswith(f" noerror_data {security}\n") for line in answers.open())
    if found != len(questions):
        raise Broken(f"resolve found {found} {security} answers, not {len(questions)}")
    return cost.cpu_us


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
