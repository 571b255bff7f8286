# SPDX-License-Identifier: Apache-2.0
"""Checks each behaviour of the scripted server against a plain client: selftest.py (in a namespace of its own).

A conversation is noted as the codes of its replies, `TLS` for a finished handshake, and how it ended. The
expected notes are typed by hand. Run it with `unshare -rn`; it needs port 25 and the command `openssl`.
"""
import asyncio
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile

EXPECTED = {   # behaviour: the notes of greeting, EHLO (then HELO), STARTTLS, handshake, EHLO, QUIT
    "good": "220 250 220 TLS 250 221",
    "greeting_554": "554 eof", "greeting_521": "521 eof", "greeting_421": "421 eof", "greeting_450": "450 eof",
    "greeting_550": "550 eof", "ehlo_550_blocklist": "220 550 550 221",
    "greeting_550_blocklist": "550 eof", "greeting_http": "HTT", "greeting_eof": "eof",
    "greeting_silence": "timeout", "reset_after_connect": "reset", "greeting_tls": "\x15\x03\x01",
    "greeting_teaser": "220 250 220 TLS 250 221", "greeting_split": "220 250 220 TLS 250 221",
    "bare_lf": "220 250 220 TLS 250 221", "endless_line": "endless",
    "ehlo_502_helo_ok": "220 502 250 no_starttls 221", "ehlo_5xx_helo_5xx": "220 550 550 221",
    "ehlo_421": "220 421 eof", "ehlo_450": "220 450 450 221", "ehlo_malformed": "220 hel", "ehlo_eof": "220 eof",
    "ehlo_silence": "220 timeout", "endless_continuation": "220 endless",
    "no_starttls": "220 250 no_starttls 221", "masked_keyword": "220 250 no_starttls 221",
    "starttls_on_first_line_only": "220 250 no_starttls 221", "starttls_lowercase": "220 250 220 TLS 250 221",
    "starttls_454": "220 250 454", "starttls_421": "220 250 421", "starttls_501": "220 250 501",
    "starttls_502": "220 250 502", "starttls_503": "220 250 503", "starttls_530": "220 250 530",
    "starttls_garbage": "220 250 oka", "starttls_timeout": "220 250 timeout", "starttls_eof": "220 250 eof",
    "starttls_trailing_plaintext": "220 250 220 trailing",
    "tls_not_tls": "220 250 220 WRONG_VERSION_NUMBER",
    "tls_alert_handshake_failure": "220 250 220 SSLV3_ALERT_HANDSHAKE_FAILURE",
    "tls_alert_protocol_version": "220 250 220 TLSV1_ALERT_PROTOCOL_VERSION",
    "tls_alert_internal_error": "220 250 220 TLSV1_ALERT_INTERNAL_ERROR",
    "tls_alert_insufficient_security": "220 250 220 TLSV1_ALERT_INSUFFICIENT_SECURITY",
    "tls_alert_unrecognized_name": "220 250 220 TLSV1_UNRECOGNIZED_NAME",
    "tls_alert_other": "220 250 220 TLSV1_ALERT_ACCESS_DENIED", "tls_bad_record": "220 250 220 LENGTH_MISMATCH",
    "tls_eof": "220 250 220 eof", "tls_reset": "220 250 220 reset", "tls_stall": "220 250 220 timeout",
    "requiretls_after_tls": "220 250 220 TLS 250+REQUIRETLS 221", "tls_then_eof_at_ehlo": "220 250 220 TLS eof",
    "client_cert_required": "220 250 220 TLS TLSV13_ALERT_CERTIFICATE_REQUIRED",
}


async def reply(reader):
    """Returns (first three characters, whole text) of one reply, however many lines it has."""
    text = b""
    while True:
        line = await reader.readline()
        text += line
        if len(text) > 200_000:
            return "endless", text
        if not line.endswith(b"\n"):
            return "eof", text
        if line[3:4] != b"-":
            return line[:3].decode(), text


async def converse(address, notes):
    reader, writer = await asyncio.open_connection(address, 25, limit=100_000)

    async def ask(command):
        if command:
            writer.write(command.encode() + b"\r\n")
        code, text = await reply(reader)
        notes.append(code + ("+REQUIRETLS" if b"REQUIRETLS" in text else ""))
        return code, text

    code, _ = await ask(None)
    if code != "220":
        return await ask(None) if code.isdigit() else None
    code, text = await ask("EHLO probe.test")
    if code[0] in "45" and code != "421":
        code, _ = await ask("HELO probe.test")
        if code != "250":
            return await ask("QUIT")
    if code != "250":
        return await ask(None) if code.isdigit() else None
    if not any(line[4:].strip().upper() == b"STARTTLS" for line in text.splitlines()[1:]):
        notes.append("no_starttls")
        return await ask("QUIT")
    if (await ask("STARTTLS"))[0] != "220":
        return None
    if reader._buffer:
        return notes.append("trailing")
    context = ssl._create_unverified_context()
    await writer.start_tls(context)
    notes.append("TLS")
    if (await ask("EHLO probe.test"))[0] == "250":
        await ask("QUIT")


async def notes_of(address):
    notes = []
    try:
        await asyncio.wait_for(converse(address, notes), 3)
    except asyncio.TimeoutError:
        notes.append("timeout")
    except ssl.SSLError as error:
        notes.append(error.reason or "eof")
    except ValueError:
        notes.append("endless")
    except ConnectionResetError as error:   # asyncio says the same of a close in the middle of a handshake
        notes.append("reset" if error.errno else "eof")
    return " ".join(notes)


async def early_talker(address):
    """What a client hears that does not wait for the end of the greeting."""
    reader, writer = await asyncio.open_connection(address, 25)
    writer.write(b"EHLO hasty.test\r\n")
    return (await reader.read()).splitlines()[-1][:3]


async def main(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=test", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/chain.pem"],
                   check=True, capture_output=True)
    addresses = {word: f"127.0.9.{number}" for number, word in enumerate(EXPECTED, 1)}
    hosts = {f"{word}.test": {"server": "scripted", "behaviour": word, "v4": [address], "v6": [],
                              "certificate": {"chain_file": "chain.pem", "key_file": "key.pem"}, "tls": ["1.2", "1.3"]}
             for word, address in addresses.items()}
    internet = pathlib.Path(folder, "internet.json")
    internet.write_text(json.dumps({"hosts": hosts}), encoding="utf-8")
    here = pathlib.Path(__file__).resolve().parent
    server = await asyncio.create_subprocess_exec(sys.executable, here / "server.py", internet,
                                                  stdout=asyncio.subprocess.PIPE)
    await server.stdout.readline()
    seen = dict(zip(addresses, await asyncio.gather(*(notes_of(address) for address in addresses.values()))))
    entries = [json.loads(line) for line in internet.with_name("scripted.log").read_text("utf-8").splitlines()]
    early = [entry["host"] for entry in entries if entry["bytes_before_greeting"]]
    punished = await early_talker(addresses["greeting_teaser"])
    server.terminate()
    await server.wait()
    wrong = [word for word in EXPECTED if seen[word] != EXPECTED[word]]
    for word in wrong:
        print(f"{word}: expected {EXPECTED[word]!r}, saw {seen[word]!r}")
    if punished != b"554" or early:
        wrong.append("greeting_teaser")
        print(f"an early talker heard {punished}; among the patient, early bytes were counted at {early}")
    print(f"{len(EXPECTED) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(asyncio.run(main(scratch)))
