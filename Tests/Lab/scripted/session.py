# SPDX-License-Identifier: Apache-2.0
"""One SMTP conversation as the server sees it (RFC 5321, RFC 3207).

A session is well-behaved unless told otherwise: a behaviour changes its greeting, its replies or the way
it writes, and then lets it talk. Whatever the client does is noted down for the journal.
"""
import asyncio
import socket
import ssl
import struct
import time

from other_stacks import LAYERS
from tls_layer import TLSLayer

PATIENCE = 120  # seconds; no silent or stalled connection outlives this


class CountingReader(asyncio.StreamReader):
    """Counts what arrives before the greeting is complete: RFC 5321 section 3.1 tells the client to wait."""

    early_bytes = 0
    greeting_complete = False

    def feed_data(self, data):
        if not self.greeting_complete:
            self.early_bytes += len(data)
        super().feed_data(data)


class Session:
    def __init__(self, host, reader, writer):
        self.name, self.host, self.reader, self.writer = host["name"], host, reader, writer
        self.opened, self.commands, self.tls = time.time(), [], None
        self.line_end, self.byte_by_byte = b"\r\n", False
        self.extensions = ["PIPELINING", "SIZE 10240000", "STARTTLS", "8BITMIME"]
        self.extensions_inside_tls = ["PIPELINING", "SIZE 10240000", "8BITMIME"]
        self.ehlo_domain = self.name
        self.replies = {"HELO": f"250 {self.name}", "NOOP": "250 2.0.0 OK", "RSET": "250 2.0.0 OK"}
        self.after_220 = self.start_tls   # what happens once `220` has answered STARTTLS

    # Writing

    async def send(self, data):
        if self.byte_by_byte:
            for octet in data[:-1]:
                await self.write(bytes([octet]))
                await asyncio.sleep(0.001)   # lets each octet leave in a segment of its own
            data = data[-1:]
        await self.write(data)

    async def write(self, data):
        if self.tls:
            return await self.tls.write(data)
        self.writer.write(data)
        await self.writer.drain()

    async def say(self, *lines):
        await self.send(b"".join(line.encode("latin-1") + self.line_end for line in lines))

    async def greet(self, *lines):
        await self.say(*(lines or [f"220 {self.name} ESMTP"]))
        self.reader.greeting_complete = True

    # Reading

    async def command(self):
        """The next command's verb in capitals, or None once the client has gone."""
        line = await (self.tls or self.reader).readline()
        if not line.endswith(b"\n"):
            return None
        text = line.decode("latin-1").strip()
        self.commands.append(("TLS " if self.tls else "") + text[:200])
        return text.split(" ")[0].upper()

    async def until_gone(self):
        while await self.reader.read(65536):
            pass

    # The ordinary dialogue

    async def converse(self):
        while (verb := await self.command()) is not None:
            if verb in self.replies and not (verb == "EHLO" and self.tls):
                await self.say(self.replies[verb])
                if self.replies[verb].startswith("421"):
                    return
            elif verb == "EHLO":
                await self.ehlo()
            elif verb == "STARTTLS" and "STARTTLS" in (word.upper() for word in self.extensions):
                await self.say("220 2.0.0 Ready to start TLS")
                await self.after_220()
            elif verb == "QUIT":
                return await self.say("221 2.0.0 Bye")
            else:
                await self.say("502 5.5.1 Command not implemented")

    async def ehlo(self):
        words = [self.ehlo_domain] + (self.extensions_inside_tls if self.tls else self.extensions)
        await self.say(*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}")

    # TLS

    def tls_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")   # TLS 1.0 signs with SHA-1, which the usual level forbids
        context.load_cert_chain(self.host["chain_file"], self.host["key_file"])
        versions = sorted(self.host["tls"])
        number = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1,
                  "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
        context.minimum_version, context.maximum_version = number[versions[0]], number[versions[-1]]
        return context

    async def start_tls(self, context=None):
        if stack := LAYERS.get(self.host.get("stack")):
            layer = stack(self.host, self.reader, self.writer)
        else:
            layer = TLSLayer(context or self.tls_context(), self.reader, self.writer)
        await layer.handshake()
        self.tls = layer

    # Endings

    async def reset(self):
        """Ends the connection by RST: a linger time of zero discards instead of finishing (RFC 9293 section 3.6)."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def journal_entry(self, behaviour):
        address, port = self.writer.get_extra_info("sockname")[:2]
        return {"behaviour": behaviour, "host": self.name, "address": address, "port": port,
                "peer": self.writer.get_extra_info("peername")[0], "opened": self.opened, "closed": time.time(),
                "bytes_before_greeting": self.reader.early_bytes, "commands": self.commands}
