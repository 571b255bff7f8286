# SPDX-License-Identifier: Apache-2.0
"""A dataset of eight domains, small enough to count by hand."""

import csv
from pathlib import Path

SCAN = "s1"


def tables():
    """Fresh rows for each test: {table: [{column: cell}]}."""
    endpoints = [
        # host, address, ehlo, starttls, tls, class
        ("mx.good.example", "192.0.2.1", "250", "offered_220", "ok", "C"),
        ("mx.good.example", "2001:db8::1", "250", "offered_220", "ok", "C"),
        ("mx.old.example", "192.0.2.2", "250", "offered_220", "ok", "C"),
        ("mx.plain.example", "192.0.2.3", "250", "not_offered", "not_reached", "C"),
        ("mx.later.example", "192.0.2.4", "250", "offered_454", "not_reached", "T"),
        ("mx.silent.example", "192.0.2.5", "not_reached", "not_reached", "not_reached", "T"),
        ("mx.refuses.example", "192.0.2.6", "not_reached", "not_reached", "not_reached", "C"),
        ("mx.broken.example", "192.0.2.7", "250", "offered_220", "alert_handshake_failure", "C"),
    ]
    probes = [
        # host, address, outcome, version, pkix, match
        ("mx.good.example", "192.0.2.1", "ok", "TLSv1.3", "valid", "match_exact"),
        ("mx.good.example", "2001:db8::1", "ok", "TLSv1.3", "valid", "match_wildcard"),
        ("mx.old.example", "192.0.2.2", "ok", "TLSv1.0", "expired_leaf", "mismatch"),
        ("mx.broken.example", "192.0.2.7", "alert_handshake_failure", "", "not_reached", "not_reached"),
    ]
    domains = [
        # domain, sector, shape, security, offered any/all, works any/all, hosts
        ("a.example", "bank", "explicit", "secure", "true", "true", "true", "true", ["mx.good.example"]),
        ("b.example", "bank", "explicit", "insecure", "true", "false", "true", "false",
         ["mx.good.example", "mx.plain.example"]),
        ("c.example", "bank", "explicit", "bogus", "UNK", "UNK", "UNK", "UNK", ["mx.silent.example"]),
        ("d.example", "shop", "explicit", "insecure", "true", "true", "UNK", "UNK", ["mx.later.example"]),
        ("e.example", "shop", "null_mx", "secure", "", "", "", "", []),
        ("f.example", "", "unknown", "indeterminate", "UNK", "UNK", "UNK", "UNK", []),
        ("g.example", "", "nxdomain", "insecure", "", "", "", "", []),
        ("h.example", "shop", "explicit", "insecure", "true", "true", "false", "false", ["mx.broken.example"]),
    ]
    hosts = {"mx.good.example": "resolved", "mx.old.example": "nodata", "mx.plain.example": "nodata",
             "mx.later.example": "dns_tempfail", "mx.silent.example": "nodata", "mx.refuses.example": "nodata",
             "mx.broken.example": "nodata"}
    return {
        "scans": [{"scan_id": SCAN, "started_at": "2026-01-01T00:00:00Z", "status": "complete",
                   "dnssec_mode": "validate", "input_rows": "11", "invalid_rows": "1",
                   "duplicate_rows": "2", "optout_rows": "0"}],
        "domains": [{"scan_id": SCAN, "domain": d, "labels": f'{{"sector":"{s}"}}' if s else "{}",
                     "mx_shape": shape, "dns_mx_dnssec": security, "starttls_any": o1, "starttls_all": o2,
                     "tls_works_any": w1, "tls_works_all": w2}
                    for d, s, shape, security, o1, o2, w1, w2, _ in domains],
        "domain_mx": [{"scan_id": SCAN, "domain": row[0], "mx_host": host} for row in domains for host in row[-1]],
        "mx_hosts": [{"scan_id": SCAN, "mx_host": host, "address_v6_outcome": word} for host, word in hosts.items()],
        "endpoints": [{"scan_id": SCAN, "mx_host": h, "ip": ip, "port": "25",
                       "tcp": "timeout" if c == "T" and e == "not_reached" else "open", "ehlo": e,
                       "starttls": s, "tls": t, "final_class": c}
                      for h, ip, e, s, t, c in endpoints],
        "tls_probes": [{"scan_id": SCAN, "mx_host": h, "ip": ip, "port": "25", "hello_profile": "full",
                        "outcome": o, "version": v, "pkix": p, "name_match_mx": n} for h, ip, o, v, p, n in probes],
        "endpoint_certs": [{"scan_id": SCAN, "mx_host": h, "ip": ip, "port": "25", "hello_profile": "full",
                            "position": "0", "cert_sha256": h[3:7] * 16} for h, ip, o, *_ in probes if o == "ok"],
        "certificates": [{"cert_sha256": "good" * 16, "key_type": "EC"},
                         {"cert_sha256": "old." * 16, "key_type": "RSA"}],
    }


def write(tables, folder):
    """Writes each table as the CSV file that an export would hold."""
    for name, rows in tables.items():
        with open(Path(folder) / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
