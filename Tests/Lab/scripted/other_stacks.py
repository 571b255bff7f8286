# SPDX-License-Identifier: Apache-2.0
"""TLS as Debian's OpenSSL cannot speak it; internet.yaml chooses with `stack`.

`openssl4`: the OpenSSL inside the `cryptography` wheel, which has X25519MLKEM768. `tlslite`: tlslite-ng, written in
Python, which still has SSLv3, RC4 and 3DES. Both come from the lab's virtual environment and are loaded at the first
handshake, so that the lab starts no slower for them.
"""
import socket

from tls_layer import Layer


class OpenSSL4Layer(Layer):
    def __init__(self, host, reader, writer):
        super().__init__(reader, writer)
        from OpenSSL import SSL
        self.library = SSL
        self.connection = SSL.Connection(self.context(host), None)
        self.connection.set_accept_state()

    def context(self, host):
        from OpenSSL import SSL
        from OpenSSL._util import lib   # pyOpenSSL has no word of its own for the list of groups
        number = {"1.0": SSL.TLS1_VERSION, "1.1": SSL.TLS1_1_VERSION, "1.2": SSL.TLS1_2_VERSION,
                  "1.3": SSL.TLS1_3_VERSION}
        versions = sorted(host["tls"])
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_min_proto_version(number[versions[0]])
        context.set_max_proto_version(number[versions[-1]])
        context.use_certificate_chain_file(str(host["chain_file"]))
        context.use_privatekey_file(str(host["key_file"]))
        if host.get("groups") and lib.SSL_CTX_set1_curves_list(context._context, ":".join(host["groups"]).encode()) != 1:
            raise ValueError(f"OpenSSL knows no groups {host['groups']}")
        return context

    async def step(self, call, *arguments):
        while True:
            try:
                return call(*arguments)
            except self.library.WantReadError:
                await self.flush()
                data = await self.reader.read(65536)
                self.connection.bio_write(data) if data else self.connection.bio_shutdown()
            except self.library.Error as error:
                raise OSError(f"TLS: {error}") from error
            finally:
                await self.flush()

    async def flush(self):
        try:
            self.writer.write(self.connection.bio_read(1 << 20))
            await self.writer.drain()
        except self.library.WantReadError:
            pass   # nothing to send

    async def handshake(self):
        await self.step(self.connection.do_handshake)

    async def write(self, data):
        await self.step(self.connection.sendall, data)

    async def read(self):
        try:
            return await self.step(self.connection.recv, 65536)
        except OSError:
            return b""


class StreamSocket:
    """The few calls that tlslite makes of a socket, over streams: it is told to wait where nothing has come yet."""

    def __init__(self):
        self.incoming, self.outgoing, self.ended = b"", b"", False

    def recv(self, size):
        if not self.incoming and not self.ended:
            raise BlockingIOError(socket.EWOULDBLOCK, "nothing has come yet")
        data, self.incoming = self.incoming[:size], self.incoming[size:]
        return data

    def send(self, data):
        self.outgoing += bytes(data)
        return len(data)

    def sendall(self, data):
        self.send(data)

    def flush(self):
        pass

    def close(self):
        pass

    def getsockname(self):
        return ("stream", 0)

    getpeername = getsockname


class TLSLiteLayer(Layer):
    def __init__(self, host, reader, writer):
        super().__init__(reader, writer)
        from tlslite.api import TLSConnection
        self.host, self.stream = host, StreamSocket()
        self.connection = TLSConnection(self.stream)

    async def step(self, generator):
        """Runs one of tlslite's generators, which yield 0 where they wait for the peer."""
        try:
            for result in generator:
                await self.flush()
                if result not in (0, 1):
                    return bytes(result)
                if result == 0:
                    data = await self.reader.read(65536)
                    self.stream.incoming += data
                    self.stream.ended = not data
        finally:
            await self.flush()
        return b""

    async def flush(self):
        data, self.stream.outgoing = self.stream.outgoing, b""
        self.writer.write(data)
        await self.writer.drain()

    async def handshake(self):
        from tlslite.api import X509CertChain, parsePEMKey
        from tlslite.errors import TLSError
        chain = X509CertChain()
        chain.parsePemList(self.host["chain_file"].read_text("ascii"))
        key = parsePEMKey(self.host["key_file"].read_text("ascii"), private=True)
        try:
            await self.step(self.connection.handshakeServerAsync(
                certChain=chain, privateKey=key, settings=self.settings()))
        except TLSError as error:
            raise OSError(f"TLS: {error}") from error

    def settings(self):
        from tlslite.api import HandshakeSettings
        number = {"ssl3": (3, 0), "1.0": (3, 1), "1.1": (3, 2), "1.2": (3, 3), "1.3": (3, 4)}
        versions = sorted(number[version] for version in self.host["tls"])
        settings = HandshakeSettings()
        settings.minVersion, settings.maxVersion = versions[0], versions[-1]
        settings.versions = versions[::-1]   # the list for who names versions one by one (RFC 8446 section 4.2.1)
        settings.useEncryptThenMAC = False   # OpenSSL 3.0 never offers it with RC4
        if self.host.get("ciphers"):
            settings.cipherNames, settings.macNames = self.host["ciphers"], ["sha"]
        return settings

    async def write(self, data):
        await self.step(self.connection.writeAsync(data))

    async def read(self):
        from tlslite.errors import TLSError
        try:
            return await self.step(self.connection.readAsync(65536))
        except TLSError:
            return b""


LAYERS = {"openssl4": OpenSSL4Layer, "tlslite": TLSLiteLayer}
