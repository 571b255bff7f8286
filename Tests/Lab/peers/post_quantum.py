# SPDX-License-Identifier: Apache-2.0
"""A client with X25519MLKEM768, which Debian's do not have: the OpenSSL inside the `cryptography` wheel.

post_quantum.py ADDRESS: offers X25519MLKEM768 alone behind STARTTLS, and prints the group, or the alert.
"""

import socket
import sys
from pathlib import Path

GROUP = "X25519MLKEM768"
PYTHON = Path(__file__).resolve().parents[3] / ".lab/venv/bin/python"


def about_versions(name, address, host):
    from answers import run, verdict

    hello = host["expect"].get("hellos", {}).get("pq")
    if hello:
        expected = hello.get("group") or "handshake failure"
        yield verdict("OpenSSL 4", name, expected, run(PYTHON, "-B", __file__, address).strip())


def main(address):
    from OpenSSL import SSL
    from OpenSSL._util import lib

    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    assert lib.SSL_CTX_set1_curves_list(context._context, GROUP.encode()) == 1
    with socket.create_connection((address, 25)) as connection:
        replies = connection.makefile("rb")
        for command in (b"EHLO peer.lab\r\n", b"STARTTLS\r\n", b""):
            while replies.readline()[3:4] == b"-":
                pass
            connection.sendall(command)
        tls = SSL.Connection(context, connection)
        tls.set_connect_state()
        try:
            tls.do_handshake()
            print(tls.get_group_name())
        except SSL.Error as error:
            print(error.args[0][0][2].rpartition("alert ")[2])


if __name__ == "__main__":
    main(sys.argv[1])
