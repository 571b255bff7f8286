# SPDX-License-Identifier: Apache-2.0
"""What no good web server does, one function a word; Tests/Lab/policies.yaml names them as `behaviour`.

A function gets a connection whose TLS handshake is done and whose request is read, unless it is in BEFORE_TLS.
"""
import asyncio
import socket
import ssl
import struct

from tls_layer import TLSLayer

PATIENCE = 120   # seconds
FATAL_HANDSHAKE_FAILURE = bytes([21, 3, 3, 0, 2, 2, 40])


class Exchange:
    def __init__(self, host, reader, writer):
        self.body, self.reader, self.writer, self.tls = host["body"].encode(), reader, writer, None

    async def accept(self, context):
        self.tls = TLSLayer(context, self.reader, self.writer)
        await self.tls.handshake()
        while (await self.tls.readline()).strip():
            pass

    async def send(self, data):
        await self.tls.write(data)

    async def head(self, *fields, version="1.1"):
        lines = [f"HTTP/{version} 200 OK", "Content-Type: text/plain", *fields, "", ""]
        await self.send("\r\n".join(lines).encode())

    async def close(self):
        """Says in TLS that this is the end, and does not wait for the same."""
        try:
            self.tls.connection.unwrap()
        except ssl.SSLWantReadError:
            await self.tls.flush()

    async def until_gone(self):
        while await self.reader.read(65536):
            pass


# Before TLS

async def reset(exchange):
    connection = exchange.writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    await asyncio.sleep(0.1)   # any sooner and the client may take it for a failure of its connect()
    exchange.writer.transport.abort()


async def alert(exchange):
    await exchange.reader.read(65536)
    exchange.writer.write(FATAL_HANDSHAKE_FAILURE)
    await exchange.writer.drain()


BEFORE_TLS = {reset, alert}


# After the request

async def hang_up(exchange):
    pass


async def stall(exchange):
    await exchange.until_gone()


async def drip(exchange):
    """Never done, never silent: only a limit on the whole fetch ends it (RFC 8461 section 3.3, one minute)."""
    await exchange.head(f"Content-Length: {len(exchange.body) + 1000}")
    while True:
        await exchange.send(b"x")
        await asyncio.sleep(1)


async def truncated(exchange):
    await exchange.head(f"Content-Length: {len(exchange.body) + 100}")
    await exchange.send(exchange.body)


async def until_close(exchange):
    await exchange.head("Connection: close", version="1.0")
    await exchange.send(exchange.body)
    await exchange.close()


async def octet_by_octet(exchange):
    await exchange.head(f"Content-Length: {len(exchange.body)}")
    for octet in exchange.body:
        await exchange.send(bytes([octet]))
        await asyncio.sleep(0.001)


# Chunks (RFC 9112 section 7.1)

def chunk(data, extension=""):
    return f"{len(data):X}{extension}\r\n".encode() + data + b"\r\n"


async def odd_chunks(exchange):
    """Chunks of 1, 2, 3 ... octets, with extensions, a leading zero and a trailer."""
    await exchange.head("Transfer-Encoding: chunked")
    rest, size = exchange.body, 1
    while rest:
        await exchange.send(chunk(rest[:size], f';name="a b {size}"'))
        rest, size = rest[size:], size + 1
    await exchange.send(b"000\r\nX-Trailer: mode: none\r\n\r\n")


async def unfinished_chunks(exchange):
    await exchange.head("Transfer-Encoding: chunked")
    await exchange.send(chunk(exchange.body))


async def endless(exchange):
    """More than anybody wants, and no end: 8 MiB."""
    await exchange.head("Transfer-Encoding: chunked")
    await exchange.send(chunk(exchange.body))
    for _ in range(8 * 1024):
        await exchange.send(chunk((b"x-fill: ".ljust(62, b"x") + b"\r\n") * 16))


async def listen(loop, hosts, folder):
    """Starts listening on port 443 of each scripted host."""
    for name, host in hosts.items():
        if host["server"] != "scripted":
            continue
        behaviour = globals().get(host["behaviour"])
        if not asyncio.iscoroutinefunction(behaviour):
            raise SystemExit(f"policy_hosts.py: {name}: no behaviour is called {host['behaviour']!r}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / host["certificate"]["chain_file"], folder / host["certificate"]["key_file"])

        def connection(host=host, behaviour=behaviour, context=context):
            def opened(reader, writer):
                return serve(Exchange(host, reader, writer), behaviour, context)
            return asyncio.StreamReaderProtocol(asyncio.StreamReader(), opened)
        await loop.create_server(connection, host["address"], 443)


async def serve(exchange, behaviour, context):
    try:
        async with asyncio.timeout(PATIENCE):
            if behaviour not in BEFORE_TLS:
                await exchange.accept(context)
            await behaviour(exchange)
    except (OSError, ssl.SSLError, asyncio.TimeoutError, ValueError):
        pass   # the client has had enough
    finally:
        exchange.writer.close()
