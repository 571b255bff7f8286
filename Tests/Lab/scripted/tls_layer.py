# SPDX-License-Identifier: Apache-2.0
"""The server's side of TLS over streams that stay plain.

asyncio's own `start_tls` drops the alert with which a handshake fails; a peer would see a closed connection
where a real server tells it `certificate_required` or `protocol_version`. Here the alert is always sent.
"""
import ssl


class Layer:
    """What a session needs of TLS, whoever speaks it: a subclass brings `handshake`, `write` and `read`."""

    def __init__(self, reader, writer):
        self.reader, self.writer, self.text = reader, writer, b""

    async def readline(self):
        """One line with its end, or what was left when the peer closed."""
        while b"\n" not in self.text:
            data = await self.read()
            if not data:
                break
            self.text += data
        line, end, self.text = self.text.partition(b"\n")
        return line + end


class TLSLayer(Layer):
    """By the OpenSSL that Python was built with."""

    def __init__(self, context, reader, writer):
        super().__init__(reader, writer)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.connection = context.wrap_bio(self.incoming, self.outgoing, server_side=True)

    async def step(self, call, *arguments):
        """Makes one call of the TLS library, moving records until it no longer waits for the peer."""
        while True:
            try:
                return call(*arguments)
            except ssl.SSLWantReadError:
                await self.flush()
                data = await self.reader.read(65536)
                self.incoming.write(data) if data else self.incoming.write_eof()
            finally:
                await self.flush()

    async def flush(self):
        self.writer.write(self.outgoing.read())
        await self.writer.drain()

    async def handshake(self):
        await self.step(self.connection.do_handshake)

    async def write(self, data):
        await self.step(self.connection.write, data)

    async def read(self):
        try:
            return await self.step(self.connection.read, 65536)
        except ssl.SSLEOFError:
            return b""
