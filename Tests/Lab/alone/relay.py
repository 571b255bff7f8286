# SPDX-License-Identifier: Apache-2.0
"""relay.py ADDRESS PORT TO_ADDRESS [CONNECTIONS]: a canary that dies.

Hands connections to ADDRESS:PORT on to port 25 of TO_ADDRESS, so many of them, or for ever; then nobody listens there
any more, and the relay ends with the last of them. Says `ready` when it listens.
"""
import asyncio
import sys


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main(address, port, target, connections):
    over = asyncio.Event()
    count = 0

    async def serve(reader, writer):
        nonlocal count
        count += 1
        if count == connections:
            server.close()
        there_reader, there_writer = await asyncio.open_connection(target, 25)
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))
        if count == connections:
            over.set()

    server = await asyncio.start_server(serve, address, port)
    print("ready", flush=True)
    await over.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else None))
