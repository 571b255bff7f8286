# SPDX-License-Identifier: Apache-2.0
"""The two who are compared: unbound as a judge, and the program behind unbound as a forwarder."""

import base64
import contextlib
import json
import select
import socket
import struct
import subprocess
import time

import wire
from message import Message

IN_FLIGHT = 40
SECONDS = 20  # for one question; unbound gives up earlier


def ask_all(address, questions, checking_disabled):
    """{(name, type): Message}, without those that got no answer."""
    waiting, sent, answers = list(dict.fromkeys(questions)), {}, {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect((address, 53))
        next_id = 0
        while waiting or sent:
            while waiting and len(sent) < IN_FLIGHT:
                question = waiting.pop()
                next_id = (next_id + 1) % 65_536
                sent[next_id] = question, time.monotonic()
                udp.send(wire.query(question[0], wire.TYPES[question[1]], next_id, checking_disabled))
            if select.select([udp], [], [], 1)[0]:
                octets = udp.recv(65_535)
                message_id = int.from_bytes(octets[:2], "big")
                if message_id in sent:
                    question = sent.pop(message_id)[0]
                    whole = ask_tcp(address, question, checking_disabled) if octets[2] & 2 else octets
                    if whole:
                        answers[question] = Message(whole)
            sent = {key: value for key, value in sent.items() if time.monotonic() - value[1] < SECONDS}
    return answers


def ask_tcp(address, question, checking_disabled):
    """Nothing where the server closes without an answer, or stays silent, three times."""
    query = wire.query(question[0], wire.TYPES[question[1]], 1, checking_disabled)
    for _ in range(3):
        with contextlib.suppress(OSError), socket.create_connection((address, 53), timeout=SECONDS) as tcp:
            tcp.sendall(struct.pack("!H", len(query)) + query)
            stream = tcp.makefile("rb")
            octets = stream.read(int.from_bytes(stream.read(2), "big"))
            if octets:
                return octets
    return b""


def failed(answers, questions):
    return [question for question in questions if question not in answers or answers[question].rcode not in (0, 3)]


def judged_by_unbound(address, questions):
    """{(name, type): (security, kind)}; `unanswered` is what fails without validation, too."""
    checked = ask_all(address, questions, checking_disabled=False)
    unchecked = ask_all(address, failed(checked, questions), checking_disabled=True)
    return verdicts_of(questions, checked, unchecked)


def verdicts_of(questions, checked, unchecked):
    verdicts = {}
    for question in questions:
        message = checked.get(question)
        if message is not None and message.rcode in (0, 3):
            security = "secure" if message.is_authenticated() else "insecure"
            verdicts[question] = security, kind(message, question)
        else:
            message = unchecked.get(question)
            is_there = message is not None and message.rcode in (0, 3)
            verdicts[question] = ("bogus", "bogus") if is_there else ("indeterminate", "unanswered")
    return verdicts


def kind(message, question):
    if message.rcode == 3:
        return "nxdomain"
    number = wire.TYPES[question[1]]
    return "noerror_data" if any(record.type == number for record in message.answer) else "noerror_nodata"


def judged_by_us(program, address, anchor, questions, file):
    """The same of the program, in its own words."""
    file.write_text("".join(f"{name} {mnemonic}\n" for name, mnemonic in questions))
    command = [program, "resolve", "--batch", str(file), "--resolver", address, "--trust-anchor", str(anchor), "--lab"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    lines = done.stdout.splitlines()
    # Status 1 with every line there: none of the questions had an answer.
    if done.returncode not in (0, 1) or len(lines) != len(questions):
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}, {len(lines)} lines\n{done.stderr}")
    verdicts = {}
    for question, line in zip(questions, lines):
        outcome, security = line.split()[-2:]
        verdicts[question] = security, "bogus" if security == "bogus" else outcome
    return verdicts


def reason(program, address, anchor, question):
    """Why the program says what it says."""
    command = [program, "resolve", *question, "--resolver", address, "--trust-anchor", str(anchor), "--lab"]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, timeout=600)
    return json.loads(done.stdout).get("reason", "")


def exchanges(address, question):
    """What a validator may want to know on the way, then the question itself, as the vectors write it.

    The question comes last, and alone: who asks again after DS and DNSKEY may get what unbound proves with those.
    """
    names = {question[0]}
    first = ask_all(address, [question], True)
    for message in first.values():
        names |= {record.owner for section in message.sections[:2] for record in section}
        names |= {wire_name(record.rdata) for record in message.answer if record.type == 5}
    wanted = [(name, question[1]) for name in names]
    for name in names:
        parts = wire.labels(name)
        places = [".".join(parts[cut:]) + "." for cut in range(len(parts) + 1)]
        wanted += [(place, mnemonic) for place in places for mnemonic in ("DS", "DNSKEY")]
    known = ask_all(address, [other for other in wanted if other != question], True)
    known |= ask_all(address, [question], True)
    return [
        {"name": name, "type": mnemonic, "wire": base64.b64encode(b"\0\0" + message.octets()[2:]).decode()}
        for (name, mnemonic), message in known.items()
        if message.rcode in (0, 3)
    ]


def wire_name(rdata):
    found, at = [], 0
    while rdata[at]:
        found.append(rdata[at + 1 : at + 1 + rdata[at]].decode("latin-1"))
        at += rdata[at] + 1
    return ".".join(found).lower() + "."
