# SPDX-License-Identifier: Apache-2.0
"""A mail server that speaks what Debian's OpenSSL cannot: newer_tls.py {pq|ssl3} PORT CHAIN.pem KEY.pem

Greets, answers EHLO, takes STARTTLS and begins a handshake; nothing more. From PyPI, into a virtual environment:
`pyOpenSSL`, whose `cryptography` wheel brings an OpenSSL of its own (4.0 at the time of writing) with X25519MLKEM768,
SecP256r1MLKEM768 and SecP384r1MLKEM1024, for `pq`; `tlslite-ng`, which is written in Python and still has SSLv3, RC4
and 3DES, for `ssl3`.
"""
import socket
import struct
import sys


def pq(connection, chain, key):
    from OpenSSL import SSL
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate_chain_file(chain)
    context.use_privatekey_file(key)
    connection.settimeout(None)  # SSL.Connection takes a time limit for a socket that never waits
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 10, 0))
    tls = SSL.Connection(context, connection)
    tls.set_accept_state()
    tls.do_handshake()


def ssl3(connection, chain, key):
    from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
    certificates = X509CertChain()
    with open(chain, encoding="ascii") as file:
        certificates.parsePemList(file.read())
    with open(key, encoding="ascii") as file:
        private = parsePEMKey(file.read(), private=True)
    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = (3, 0)
    settings.cipherNames = ["rc4", "3des"]
    settings.macNames = ["sha", "md5"]
    TLSConnection(connection).handshakeServer(certChain=certificates, privateKey=private, settings=settings)


def main():
    handshake = {"pq": pq, "ssl3": ssl3}[sys.argv[1]]
    listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
    while True:
        connection, _ = listener.accept()
        connection.settimeout(10)
        try:
            connection.sendall(b"220 mx.newer.example ESMTP\r\n")
            connection.recv(512)
            connection.sendall(b"250-mx.newer.example\r\n250 STARTTLS\r\n")
            connection.recv(512)
            connection.sendall(b"220 go ahead\r\n")
            handshake(connection, sys.argv[3], sys.argv[4])
        except Exception as error:  # whatever ends one connection does not end the server
            print(type(error).__name__, error, flush=True)
        finally:
            connection.close()


if __name__ == "__main__":
    main()
