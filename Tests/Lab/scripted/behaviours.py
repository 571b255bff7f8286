# SPDX-License-Identifier: Apache-2.0
"""What good servers don't do, one function a word; Tests/Lab/internet.yaml names them as `behaviour`.

A function gets a fresh session before the greeting and returns when the connection is to be closed.
"""
import asyncio
import ssl

MEGABYTE = 1 << 20


async def good(session):
    await session.greet()
    await session.converse()


# The greeting (RFC 5321 section 3.1)

def greeting(*lines):
    async def behave(session):
        await session.greet(*(line.replace("NAME", session.name) for line in lines))
        await session.converse() if lines[-1].startswith("220 ") else None
    return behave


greeting_554 = greeting("554 5.3.2 NAME no SMTP service here")
greeting_521 = greeting("521 5.3.2 NAME does not accept mail")   # RFC 7504
greeting_421 = greeting("421 4.3.2 NAME closing transmission channel")
greeting_450 = greeting("450 4.3.2 NAME try again later")
greeting_550_blocklist = greeting("550 5.7.1 rejected, see https://www.spamhaus.org/query/ip/192.0.2.1")
greeting_550 = greeting("550 5.3.2 NAME takes no mail from anybody")
greeting_http = greeting("HTTP/1.1 400 Bad Request", "Content-Type: text/plain", "", "Bad Request")


async def greeting_eof(session):
    pass


async def greeting_silence(session):
    await session.until_gone()


async def reset_after_connect(session):
    await asyncio.sleep(0.2)   # any sooner and the client may take it for a failure of its connect()
    await session.reset()


async def greeting_tls(session):
    await session.send(b"\x15\x03\x01\x00\x02\x02\x0a")   # the fatal alert unexpected_message, unasked for


async def greeting_teaser(session):
    """A first greeting line, then a pause in which only a client that breaks the protocol speaks."""
    await session.say(f"220-{session.name} ESMTP is about to greet you")
    await asyncio.sleep(1.5)
    if session.reader.early_bytes:
        return await session.greet("554 5.5.1 Protocol error: you spoke before the end of the greeting")
    await session.greet()
    await session.converse()


async def greeting_split(session):
    session.byte_by_byte = True
    await good(session)


async def bare_lf(session):
    session.line_end = b"\n"
    await good(session)


async def endless_line(session):
    await session.send(b"220 ")
    for _ in range(64):
        await session.send(b"a" * (MEGABYTE // 16))
    session.reader.greeting_complete = True


# EHLO (RFC 5321 section 4.1.1.1)

def answers(**replies):
    """The ordinary dialogue with other replies to some commands; a 421 also closes the connection."""
    async def behave(session):
        session.replies.update(replies)
        await good(session)
    return behave


ehlo_502_helo_ok = answers(EHLO="502 5.5.1 Command not implemented")
ehlo_5xx_helo_5xx = answers(EHLO="550 5.7.1 Not for you", HELO="550 5.7.1 Not for you")
ehlo_421 = answers(EHLO="421 4.3.2 Service shutting down")
ehlo_450 = answers(EHLO="450 4.3.2 Try again later", HELO="450 4.3.2 Try again later")
ehlo_550_blocklist = answers(EHLO="550 5.7.1 listed at zen.spamhaus.org", HELO="550 5.7.1 listed at zen.spamhaus.org")
ehlo_malformed = answers(EHLO="hello yourself")


def extensions(*words):
    async def behave(session):
        session.extensions = [word.replace("NAME", session.name) for word in words]
        await good(session)
    return behave


no_starttls = extensions("PIPELINING", "SIZE 10240000", "8BITMIME")
masked_keyword = extensions("PIPELINING", "XXXXXXXA", "8BITMIME")       # as middleboxes overwrite `STARTTLS`
starttls_lowercase = extensions("pipelining", "starttls", "8bitmime")   # keywords have no case: section 2.4


async def starttls_on_first_line_only(session):
    session.ehlo_domain = f"STARTTLS {session.name}"   # the first line is greeting text: no keyword stands there
    session.extensions = ["PIPELINING", "8BITMIME"]
    await good(session)


async def ehlo_eof(session):
    await session.greet()
    await session.command()


async def ehlo_silence(session):
    await session.greet()
    await session.until_gone()


async def endless_continuation(session):
    await session.greet()
    if await session.command() == "EHLO":
        for _ in range(64):
            await session.send(b"250-FILLER\r\n" * (MEGABYTE // 16 // 12))


# The answer to STARTTLS (RFC 3207 section 4)

starttls_454 = answers(STARTTLS="454 4.7.0 TLS not available due to temporary reason")
starttls_421 = answers(STARTTLS="421 4.3.2 Service shutting down")
starttls_501 = answers(STARTTLS="501 5.5.4 Syntax error")
starttls_502 = answers(STARTTLS="502 5.5.1 Command not implemented")
starttls_503 = answers(STARTTLS="503 5.5.1 Bad sequence of commands")
starttls_530 = answers(STARTTLS="530 5.7.0 Authentication required")
starttls_garbage = answers(STARTTLS="okay, go ahead")


async def up_to_starttls(session):
    """The ordinary dialogue up to and with the command STARTTLS, which stays unanswered."""
    await session.greet()
    while (verb := await session.command()) not in (None, "STARTTLS"):
        if verb == "QUIT":
            await session.say("221 2.0.0 Bye")
            return False
        await session.ehlo()
    return verb == "STARTTLS"


async def starttls_timeout(session):
    if await up_to_starttls(session):
        await session.until_gone()


async def starttls_eof(session):
    await up_to_starttls(session)


async def starttls_trailing_plaintext(session):
    """Response injection: what follows the 220 in its segment was never protected by TLS."""
    if await up_to_starttls(session):
        await session.send(b"220 2.0.0 Ready to start TLS\r\n250 injected\r\n")
        await session.until_gone()


# Instead of a TLS handshake: the ClientHello has been read, and then

def instead_of_tls(answer, ending=None):
    async def behave(session):
        if await up_to_starttls(session):
            await session.say("220 2.0.0 Ready to start TLS")
            await session.reader.read(65536)
            await session.send(answer)
            await ending(session) if ending else None
    return behave


def fatal_alert(description):
    return bytes([21, 3, 3, 0, 2, 2, description])   # RFC 8446 section 6: record type 21, level 2


async def reset(session):
    await session.reset()


async def stall(session):
    await session.until_gone()


tls_not_tls = instead_of_tls(b"500 5.5.2 Error: bad syntax\r\nqWERtyuiop asdfghjkl zxcvbnm\r\n")
tls_alert_handshake_failure = instead_of_tls(fatal_alert(40))
tls_alert_protocol_version = instead_of_tls(fatal_alert(70))
tls_alert_insufficient_security = instead_of_tls(fatal_alert(71))
tls_alert_internal_error = instead_of_tls(fatal_alert(80))
tls_alert_unrecognized_name = instead_of_tls(fatal_alert(112))
tls_alert_other = instead_of_tls(fatal_alert(49))              # access_denied, which has no word of its own
tls_bad_record = instead_of_tls(b"\x16\x03\x03\0\4\2\0\0\0")   # a ServerHello without content
tls_eof = instead_of_tls(b"")
tls_reset = instead_of_tls(b"", reset)
tls_stall = instead_of_tls(b"", stall)


# Real TLS, and then

async def requiretls_after_tls(session):
    session.extensions_inside_tls = session.extensions_inside_tls + ["REQUIRETLS"]   # RFC 8689 section 2
    await good(session)


async def tls_then_eof_at_ehlo(session):
    if await up_to_starttls(session):
        await session.say("220 2.0.0 Ready to start TLS")
        await session.start_tls()
        await session.command()


async def client_cert_required(session):
    """In TLS 1.3 the client learns of the refusal only after its own handshake has ended."""
    context = session.tls_context()
    context.verify_mode = ssl.CERT_REQUIRED
    session.after_220 = lambda: session.start_tls(context)
    await good(session)
