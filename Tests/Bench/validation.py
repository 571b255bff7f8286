# SPDX-License-Identifier: Apache-2.0
"""What DNSSEC validation adds for a signed domain, against what it adds to unbound for the same questions.

Both sides are a difference, so that what asking and answering cost falls out: mxcensus with `--dnssec validate` less
`--dnssec off`, unbound with its validator less without. Each begins anew, so the domains' zones are cold; the
registry's keys cost once for all of them. The domains are small: one ECDSA key, an MX host and its address.
"""

import asyncio
import subprocess
import time

import dns.exception
import dns.message
import dns.query
import nameservers
from measure import Broken, Figures, Scan, processor_us, ratios
from workload import PAIRS, SIGNED

MOST_RATIO = 1.0
UNBOUND = "127.0.0.54"
AT_ONCE = 50
SECONDS_TO_ANSWER = 30
NOBODY_LISTENS = "26"  # the mail hosts are not what is measured here: the kernel refuses at once
SECURE = "SELECT count(*) FROM mx_hosts WHERE addr_dnssec_v4 = 'secure'"


def run(bench):
    names = bench.folder / "signed.names"
    names.write_text("".join(f"d{i}.signed\n" for i in range(SIGNED)))
    questions = [
        dns.message.make_query(name, kind, want_dnssec=True).to_wire()
        for i in range(SIGNED)
        for name, kind in ((f"d{i}.signed", "MX"), (f"mx.d{i}.signed", "A"))
    ]
    ours(bench, names, "validate")  # the resolver has everything ready from here on
    rounds = []
    for number in range(PAIRS):
        bench.progress(f"validation, pair {number + 1} of {PAIRS}")
        peer = unbound(bench, "validator iterator", questions) - unbound(bench, "iterator", questions)
        rounds.append((ours(bench, names, "validate") - ours(bench, names, "off"), peer))
    bench.title(f"Validation of a signed domain, MX and A, its zone cold: CPU per domain ({SIGNED})")
    bench.line("unbound, validating less not", Figures(peer for _, peer in rounds), "{:.0f} us")
    bench.line("mxcensus, validating less not", Figures(own for own, _ in rounds), "{:.0f} us")
    bench.line("ratio", ratios(*zip(*rounds)), "{:.2f}", MOST_RATIO)


def ours(bench, names, mode):
    options = [*bench.options(), "--dnssec", mode, "--families", "4", "--ports", NOBODY_LISTENS]
    scan = Scan(bench.mxcensus, names, bench.folder, options)
    if mode == "validate":
        scan.require(SIGNED, "hosts with secure addresses", SECURE)
    return scan.cpu_us("domains", "hosts") / SIGNED


def unbound(bench, modules, questions):
    config = bench.folder / "unbound.conf"
    text = nameservers.UNBOUND.format(resolver=UNBOUND)
    text = text.replace("validator iterator", modules).replace("/run/lab/unbound.pid", f"{bench.folder}/unbound.pid")
    config.write_text(text.replace("/run/lab/log/unbound.log", f"{bench.folder}/unbound.log"))
    process = subprocess.Popen(["/usr/sbin/unbound", "-d", "-p", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        warm_up(process)
        before = processor_us(process)
        asyncio.run(ask(questions))
        return (processor_us(process) - before) / SIGNED
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
