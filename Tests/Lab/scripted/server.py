# SPDX-License-Identifier: Apache-2.0
"""The scripted SMTP server of the lab, and the scripted HTTPS server beside it: server.py INTERNET_JSON

Listens on ports 25, 587 and 465 of each address of each host whose `server` is `scripted`, and does what the
host's `behaviour` says: one word for all of its addresses, or a map from address to word. On 465 TLS comes
first, and the behaviour runs inside it (RFC 8314 section 3.3). It writes one JSON
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
import policy_hosts
from session import PATIENCE, CountingReader, Session


def listeners(hosts, folder):
    """Yields (host, address, behaviour's word) for each address to listen on."""
    for name, host in hosts.items():
        if host["server"] != "scripted":
            continue
        files = {key: folder / host["certificate"][key] for key in ("chain_file", "key_file")}
        for address in host["v4"] + host["v6"]:
            word = host["behaviour"]
            word = word if isinstance(word, str) else word[address]
            if not inspect.iscoroutinefunction(getattr(behaviours, word, None)):
                sys.exit(f"server.py: {name}: no behaviour is called {word!r}")
            stack = {key: host.get(key) for key in ("tls", "stack", "groups", "ciphers")}
            yield {"name": name, **stack, **files}, address, word


async def behave(session, word, port):
    if port == 465:
        await session.start_tls()
    await getattr(behaviours, word)(session)


async def serve(host, word, port, journal, reader, writer):
    session = Session(host, reader, writer)
    try:
        await asyncio.wait_for(behave(session, word, port), PATIENCE)
    except (OSError, ssl.SSLError, asyncio.TimeoutError, asyncio.IncompleteReadError, ValueError):
        pass   # the client went away, or said something that cannot be read: it ends here, and is noted down
    finally:
        print(json.dumps(session.journal_entry(word)), file=journal, flush=True)
        writer.close()


async def main(internet, folder, journal):
    loop = asyncio.get_running_loop()
    servers = []
    await policy_hosts.listen(loop, internet.get("https", {}), folder)
    for host, address, word in listeners(internet["hosts"], folder):
        for port in (25, 587, 465):
            def connection(host=host, word=word, port=port):
                reader = CountingReader()
                return asyncio.StreamReaderProtocol(reader, lambda r, w: serve(host, word, port, journal, r, w))
            servers.append(await loop.create_server(connection, address, port, backlog=512))
    print(f"scripted server: {len(servers)} addresses and ports", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    with open(path.with_name("scripted.log"), "a", encoding="utf-8") as journal:
        asyncio.run(main(json.loads(path.read_text(encoding="utf-8")), path.parent, journal))
