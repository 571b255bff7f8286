#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fetches current public lists of domains, for those who have internet.

    scripts/fetch-lists.py tranco                  the million most visited sites, as rank and domain
    scripts/fetch-lists.py tranco --id LIST-ID     the same list that somebody else used
    scripts/fetch-lists.py dotgov                  every .gov domain, with the kind of its owner as sector

Each becomes a CSV file in datasets/fetched that `mxcensus scan` reads, and beside it a JSON file of the same name that
says where it came from: list, id, address, time, rows, and SHA-256 of what was fetched and of what was written. Publish
that file with your results: lists change every day, and two days of one list are two populations.
"""

import argparse
import csv
import hashlib
import http.client
import io
import json
import os
import re
import sys
import urllib.error
import urllib.request
import zipfile
import zlib
from datetime import datetime, timezone
from pathlib import Path

TRANCO_ID = "https://tranco-list.eu/top-1m-id"
TRANCO_LIST = "https://tranco-list.eu/download/{id}/1000000"
DOTGOV = "https://raw.githubusercontent.com/cisagov/dotgov-data/main/current-full.csv"
FOLDER = Path(__file__).resolve().parents[1] / "datasets" / "fetched"
# Some ten times the size of these lists today; more is not the list.
LARGEST = 256 * 1024 * 1024
# Letters, digits, hyphens; underscores do occur in the names of sites. What is no domain is counted, not guessed at.
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class Refusal(Exception):
    """What stops us, in words for the person who called."""


def main(arguments=None):
    options = parse(arguments)
    try:
        name, identifier, rows, provenance = options.fetch(options)
        path = write(options.to, name, rows, {"list": options.list, "id": identifier, **provenance})
    except Refusal as refusal:
        print(f"fetch-lists: {refusal}", file=sys.stderr)
        return 1
    print(f"{path}: {len(rows) - 1} domains")
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lists = parser.add_subparsers(dest="list", required=True, metavar="LIST")
    tranco = lists.add_parser("tranco", help="the Tranco list")
    tranco.add_argument("--id", help="the list's permanent id; default: today's list")
    tranco.add_argument("--id-url", default=TRANCO_ID, metavar="URL", help="where today's id stands")
    tranco.add_argument("--url", default=TRANCO_LIST, help="where the list stands; {id} in it becomes the id")
    tranco.add_argument("--top", type=int, default=1_000_000, metavar="N", help="only the first N ranks")
    tranco.set_defaults(fetch=fetch_tranco)
    dotgov = lists.add_parser("dotgov", help="the .gov list of CISA")
    dotgov.add_argument("--url", default=DOTGOV, help="where the list stands: a mirror, or file:///...")
    dotgov.set_defaults(fetch=fetch_dotgov)
    for each in (tranco, dotgov):
        each.add_argument("--to", type=Path, default=FOLDER, metavar="DIR", help="default: datasets/fetched")
    return parser.parse_args(arguments)


def fetch_tranco(options):
    identifier = options.id or text(download(options.id_url), options.id_url).strip()
    if not re.fullmatch(r"[A-Za-z0-9]{4,12}", identifier):
        raise Refusal(f"'{identifier[:40]}' is no id of a Tranco list")
    url = options.url.replace("{id}", identifier)
    body = download(url)
    rows, left_out = tranco_rows(text(unpacked(body, url), url), options.top)
    return f"tranco-{identifier}", identifier, rows, provenance(url, body, left_out)


def fetch_dotgov(options):
    body = download(options.url)
    rows, left_out = dotgov_rows(text(body, options.url))
    # The list has no id of its own: its content is its id.
    identifier = hashlib.sha256(body).hexdigest()[:12]
    return f"dotgov-{identifier}", identifier, rows, provenance(options.url, body, left_out)


def tranco_rows(content, top):
    """`rank,domain` lines as they come; a header of our own. Returns the rows and how many lines were left out."""
    rows, left_out = [["rank", "domain"]], 0
    for line in csv.reader(io.StringIO(content)):
        if len(line) == 2 and line[0].isdigit() and is_domain(line[1]):
            if int(line[0]) <= top:
                rows.append([line[0], line[1].lower()])
        elif line:
            left_out += 1
    return checked(rows), left_out


def dotgov_rows(content):
    """Domain, kind of owner as sector, owner, state. The list's contact addresses are nobody's business here."""
    lines = csv.reader(io.StringIO(content))
    header = [name.strip().lower() for name in next(lines, [])]
    wanted = ["domain name", "domain type", "organization name", "state"]
    absent = [name for name in wanted if name not in header]
    if absent:
        raise Refusal(f"the .gov list has no column '{absent[0]}' any more; its columns are: {', '.join(header)[:200]}")
    places = [header.index(name) for name in wanted]
    rows, left_out = [["domain", "sector", "organization", "state", "country"]], 0
    for line in lines:
        if len(line) == len(header) and is_domain(line[places[0]]):
            domain, *labels = (line[place].strip() for place in places)
            rows.append([domain.lower(), *labels, "US"])
        elif line:
            left_out += 1
    return checked(rows), left_out


def checked(rows):
    if len(rows) == 1:
        raise Refusal("what was fetched holds no domains: is it the list, or a page that says why not?")
    return rows


def is_domain(name):
    labels = name.strip().lower().split(".")
    return len(labels) > 1 and len(name) <= 253 and all(LABEL.fullmatch(label) for label in labels)


def provenance(url, body, left_out):
    return {
        "url": url, "fetched_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "fetched_sha256": hashlib.sha256(body).hexdigest(), "lines_left_out": left_out,
    }


def download(url):
    request = urllib.request.Request(url, headers={"User-Agent": "mxcensus-fetch-lists/0.1"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise Refusal(f"{url} answered {error.code} {error.reason}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        reason = getattr(reason, "strerror", None) or reason
        raise Refusal(f"cannot fetch {url}: {reason}. Is there internet? "
                      "The lists in datasets/lists need none") from error
    if len(body) > LARGEST:
        raise Refusal(f"{url} is larger than {LARGEST >> 20} MiB: that is not the list")
    return body


def unpacked(body, url):
    """The one file inside, where the list comes as a zip archive."""
    if not body.startswith(b"PK"):
        return body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = archive.infolist()
            if len(files) != 1 or files[0].file_size > LARGEST:
                raise Refusal(f"{url} is a zip archive of {len(files)} files, not of one list")
            return archive.read(files[0])
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise Refusal(f"{url} is a broken zip archive: {error}") from error


def text(body, url):
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{url} is no UTF-8 text: {error}") from error


def write(folder, name, rows, record):
    """Both files, each whole or not at all."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    content = buffer.getvalue().encode()
    record = {**record, "rows": len(rows) - 1, "sha256": hashlib.sha256(content).hexdigest()}
    path = folder / f"{name}.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        origin = (json.dumps(record, indent=2) + "\n").encode()
        for target, data in [(path, content), (path.with_suffix(".json"), origin)]:
            draft = target.with_name(target.name + ".part")
            draft.write_bytes(data)
            os.replace(draft, target)
    except OSError as error:
        raise Refusal(f"cannot write into {folder}: {error.strerror}") from error
    return path


if __name__ == "__main__":
    sys.exit(main())
