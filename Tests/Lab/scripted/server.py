# SPDX-License-Identifier: Apache-2.0
"""The scripted SMTP server of the lab: server.py INTERNET_JSON

Listens on port 25 of each address of each host whose `server` is `scripted`, and does what the host's
`behaviour` says: one word for all of its addresses, or a map from address to word. It writes one JSON
line for each connection into `scripted.log` beside INTERNET_JSON, from which tests read how politely
the client behaved.
"""
import asyncio
import inspect
import json
import pathlib
import ssl
import sys

import behaviours
from session import PATIENCE, CountingReader, Session


def listeners(hosts):
    """Yields (host, address, behaviour's word) for each address to listen on."""
    for name, host in hosts.items():
        if host.get("server") != "scripted":
            continue
        for address in (host.get("v4") or []) + (host.get("v6") or []):
            word = host["behaviour"]
            word = word if isinstance(word, str) else word[address]
            if not inspect.iscoroutinefunction(getattr(behaviours, word, None)):
                sys.exit(f"server.py: {name}: no behaviour is called {word!r}")
            yield {**host, "name": name}, address, word


async def serve(host, word, journal, reader, writer):
    session = Session(host, reader, writer)
    try:
        await asyncio.wait_for(getattr(behaviours, word)(session), PATIENCE)
    except (OSError, ssl.SSLError, asyncio.TimeoutError, asyncio.IncompleteReadError, ValueError):
        pass   # the client went away, or said something that cannot be read: it ends here, and is noted down
    finally:
        print(json.dumps(session.journal_entry(word)), file=journal, flush=True)
        writer.close()


async def main(internet, journal):
    loop = asyncio.get_running_loop()
    servers = []
    for host, address, word in listeners(internet["hosts"]):
        def connection(host=host, word=word):
            reader = CountingReader()
            return asyncio.StreamReaderProtocol(reader, lambda r, w: serve(host, word, journal, r, w))
        servers.append(await loop.create_server(connection, address, internet.get("port", 25), backlog=512))
    print(f"scripted server: {len(servers)} addresses", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    with open(path.with_name("scripted.log"), "a", encoding="utf-8") as journal:
        asyncio.run(main(json.loads(path.read_text(encoding="utf-8")), journal))
