# SPDX-License-Identifier: Apache-2.0
"""Puts the statistics of a scan beside the truth of the world, metric by metric.

What a metric may differ by is written down in EXPLAINED, each with its reason; anything else is an error.
"""

import contextlib
import json
import pickle
import sqlite3
import subprocess

import law
import truth

# Behaviours that make who asks wait for nothing; at any other a time-out is our own lateness, or the servers'.
SILENT = {"stall_tls", "stall_greeting", "black_hole", "dead"}
ANSWERS = ("yes", "no", "unknown", "excluded")
# Metric -> why the scan may count something else. Empty: every figure is to be the same.
EXPLAINED = {}


def read_truth(world, passed):
    """The truth, given the addresses (last 24 bits) that let the scan in after a while."""
    with open(world / "truth.pickle", "rb") as file:
        counts, late = pickle.load(file)
    counts.greylisted = passed
    for domain, fresh in late:
        counts.add_domain(domain)
        for host in fresh:
            counts.add_host(host)
    return counts


def late(database):
    """How many endpoints timed out that answer at once: the machine was too busy for the patience that was asked for."""
    words = {place: word for word, (first, last) in law.BEHAVIOURS.items() for place in range(first, last)}
    with contextlib.closing(sqlite3.connect(database)) as survey:
        timed_out = survey.execute("SELECT ip FROM endpoints WHERE 'timeout' IN (tcp, greeting, ehlo, tls) OR"
                                   " starttls = 'offered_timeout'")
        return sum(words[truth.number_of(ip) >> 16] not in SILENT for (ip,) in timed_out)


def statistics(program, database):
    done = subprocess.run([program, "stats", database, "--format", "json"], capture_output=True, text=True, check=True)
    return {
        " ".join((row["metric"], row["unit"], row["agg"])).strip(): {answer: row[answer] for answer in ANSWERS}
        for row in json.loads(done.stdout)
        if row["stratum"] == "all"
    }


def compare(found, counts, why_unknown=None):
    """Prints a line for each metric; returns how many differ without an explanation.

    `why_unknown` tells why the scan may know less than the truth: answers may then be missing, and none may be another.
    """
    expected = truth.rows(counts)
    unexplained = 0
    print(f"  {'metric':<44}{'yes':>10}{'no':>10}{'unknown':>10}{'excluded':>10}")
    for metric in expected | found:
        right = {answer: expected.get(metric, {}).get(answer, 0) for answer in ANSWERS}
        if metric not in expected:
            print(f"  {metric:<44}{figures(found[metric])}  not in the truth")
            continue
        seen = found.get(metric)
        if seen == right:
            print(f"  {metric:<44}{figures(right)}  equal")
            continue
        why = EXPLAINED.get(metric) or (why_unknown if seen and knows_less(seen, right) else None)
        unexplained += why is None
        print(f"  {metric:<44}{figures(right)}  expected")
        print(f"  {'':<44}{figures(seen) if seen else '      none':<40}  DIFFERENT: {why or 'unexplained'}")
    return unexplained


def knows_less(seen, right):
    return seen["unknown"] > right["unknown"] and all(seen[each] <= right[each] for each in ("yes", "no", "excluded"))


def figures(answers):
    return "".join(f"{answers[answer]:>10}" for answer in ANSWERS)


# What every finished scan must hold, whatever was done to it on the way. Each query counts what is wrong.
INTEGRITY = {
    "domains not measured": "SELECT count(*) FROM domains WHERE measured_at IS NULL",
    "domains not judged": "SELECT count(*) FROM domains WHERE judged = 0",
    "hosts not measured": "SELECT count(*) FROM mx_hosts WHERE measured_at IS NULL",
    "endpoints not done": "SELECT count(*) FROM endpoints WHERE state <> 'done'",
    "hosts whose number of domains is wrong": """SELECT count(*) FROM mx_hosts h LEFT JOIN
        (SELECT mx_host, count(*) AS number FROM domain_mx GROUP BY mx_host) m USING (mx_host)
        WHERE h.domains_count IS NOT coalesce(m.number, 0)""",
    "MX records without a host": """SELECT count(*) FROM domain_mx m LEFT JOIN mx_hosts h USING (scan_id, mx_host)
        WHERE h.mx_host IS NULL""",
    "handshakes without a probe": """SELECT count(*) FROM endpoints e LEFT JOIN tls_probes p
        ON (p.scan_id, p.mx_host, p.ip, p.port, p.hello_profile) = (e.scan_id, e.mx_host, e.ip, e.port, 'full')
        WHERE e.tls = 'ok' AND p.outcome IS NOT 'ok'""",
    "chains without their certificates": """SELECT count(*) FROM tls_probes p WHERE chain_sha256 IS NOT NULL AND NOT
        EXISTS (SELECT 1 FROM endpoint_certs c WHERE (c.scan_id, c.mx_host, c.ip, c.port, c.hello_profile)
            = (p.scan_id, p.mx_host, p.ip, p.port, p.hello_profile))""",
    "endpoints whose attempts are not all kept": """SELECT count(*) FROM endpoints e WHERE attempts <>
        (SELECT coalesce(max(attempt), 0) FROM attempts a
            WHERE (a.scan_id, a.mx_host, a.ip, a.port) = (e.scan_id, e.mx_host, e.ip, e.port))""",
}


def integrity(database, counts):
    """Prints what is lost, double or contradictory; returns how many kinds of it there are."""
    wrong = 0
    with contextlib.closing(sqlite3.connect(database)) as survey:
        (state,) = survey.execute("PRAGMA integrity_check").fetchone()
        found = {"pages damaged": 0 if state == "ok" else 1}
        found.update((what, survey.execute(query).fetchone()[0]) for what, query in INTEGRITY.items())
        for table, unit in (("domains", "domains"), ("mx_hosts", "hosts"), ("endpoints", "endpoints")):
            (rows,) = survey.execute(f"SELECT count(*) FROM {table}").fetchone()
            found[f"{unit} lost or double"] = rows - counts.totals[unit]
        (scans,) = survey.execute("SELECT count(*) FROM scans").fetchone()
        found["scans beside the one"] = scans - 1
    for what, count in found.items():
        if count != 0:
            wrong += 1
            print(f"  WRONG: {what}: {count}")
    if not wrong:
        print(f"  no row lost, none double: {', '.join(f'{counts.totals[unit]} {unit}' for unit in counts.totals)}")
    return wrong
