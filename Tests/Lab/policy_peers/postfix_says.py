# SPDX-License-Identifier: Apache-2.0
"""postfix-mta-sts-resolver, with which Postfix obeys MTA-STS: one domain at a time, without its cache."""

import asyncio
import logging

from postfix_mta_sts_resolver.resolver import STSFetchResult, STSResolver

NAME = "postfix-mta-sts-resolver"
SECONDS = 20  # what stalls and drips is not waited for a minute

logging.getLogger("RES").setLevel(logging.CRITICAL)


def sts(domain, _cells):
    async def ask():
        resolver = STSResolver(loop=asyncio.get_running_loop(), timeout=SECONDS)
        return await resolver.resolve(domain)

    result, found = asyncio.run(ask())
    if result is STSFetchResult.VALID:
        return found[1]["mode"]
    return "none" if result is STSFetchResult.NONE else "fetch error"


ASK = {"sts": sts}
