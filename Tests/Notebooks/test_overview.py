# SPDX-License-Identifier: Apache-2.0
"""The notebook counts what a person counts, and stops at a dataset that does not hold together.

    scripts/notebook-env.sh && .venv/bin/python -m unittest discover -s Tests/Notebooks

Its cells run here one after the other in this process, which is faster than a kernel for each case.
"""

import contextlib
import io
import json
import math
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import matplotlib

import small_export

matplotlib.use("Agg")
NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "overview.ipynb"


def cells():
    return [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def run(tables):
    """The notebook's variables after it has run over these tables."""
    with tempfile.TemporaryDirectory() as folder:
        small_export.write(tables, folder)
        names = {}
        with mock.patch.dict(os.environ, MXCENSUS_EXPORT=folder), contextlib.redirect_stdout(io.StringIO()):
            for cell in cells():
                exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
        return names


class Counting(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.names = run(small_export.tables())

    def row(self, table, row):
        found = self.names[table].loc[row]
        return tuple(int(found[name]) for name in ("yes", "no", "unknown", "not applicable", "not measured"))

    def test_starttls_of_domains(self):
        self.assertEqual(self.row("starttls", "domains: offered by any host"), (4, 0, 1, 0, 0))
        self.assertEqual(self.row("starttls", "domains: offered by all hosts"), (3, 1, 1, 0, 0))
        self.assertEqual(self.row("starttls", "domains: works at any host"), (2, 1, 2, 0, 0))
        self.assertEqual(self.row("starttls", "domains: works at all hosts"), (1, 2, 2, 0, 0))

    def test_starttls_of_endpoints(self):
        # 454 is an offer that did not work yet, silence is unknown, a lasting refusal of SMTP does not apply
        self.assertEqual(self.row("starttls", "endpoints: offered"), (5, 1, 1, 1, 0))
        self.assertEqual(self.row("starttls", "endpoints: works"), (3, 2, 2, 1, 0))

    def test_bounds(self):
        found = self.names["starttls"].loc["domains: works at all hosts"]
        self.assertAlmostEqual(found["rate"], 1 / 3)
        self.assertAlmostEqual(found["low"], 1 / 5)
        self.assertAlmostEqual(found["high"], 3 / 5)

    def test_nothing_to_divide(self):
        self.assertTrue(math.isnan(self.names["counted"](self.names["pd"].Series([], dtype=str))["rate"]))

    def test_versions(self):
        self.assertEqual(self.names["versions"].to_dict(), {"TLSv1.0": 1, "TLSv1.1": 0, "TLSv1.2": 0, "TLSv1.3": 2})

    def test_certificates(self):
        for row in ("chain valid", "names the MX host", "both"):
            self.assertEqual(self.row("validity", row), (2, 1, 0, 0, 0))

    def test_dnssec_by_sector(self):
        self.assertEqual(self.row("dnssec_table", "bank"), (1, 2, 0, 0, 0))
        self.assertEqual(self.row("dnssec_table", "shop"), (1, 2, 0, 0, 0))
        self.assertEqual(self.row("dnssec_table", "(none)"), (0, 0, 1, 0, 0))
        self.assertEqual(self.row("dnssec_table", "all"), (2, 4, 1, 0, 0))

    def test_ipv6_by_sector(self):
        self.assertEqual(self.row("ipv6_table", "bank"), (2, 1, 0, 0, 0))
        self.assertEqual(self.row("ipv6_table", "shop"), (0, 1, 1, 0, 0))
        self.assertEqual(self.row("ipv6_table", "all"), (2, 2, 1, 0, 0))

    def test_only_the_latest_scan_counts(self):
        tables = small_export.tables()
        tables["scans"].append({**tables["scans"][0], "scan_id": "s0", "started_at": "2025-01-01T00:00:00Z"})
        tables["domains"].append({**tables["domains"][0], "scan_id": "s0"})
        self.assertEqual(len(run(tables)["domains"]), 8)

    def test_not_measured_is_left_out(self):
        tables = small_export.tables()
        for row in tables["domains"]:
            row["dns_mx_dnssec"] = "not_measured"
        found = run(tables)["dnssec_table"].loc["all"]
        self.assertEqual((found["N"], found["not measured"]), (0, 7))


    def test_a_scan_that_was_stopped(self):
        tables = small_export.tables()
        tables["scans"][0].update(status="partial", input_rows="0")
        tables["endpoints"].append({**tables["endpoints"][0], "ip": "192.0.2.9", "tcp": "not_measured",
                                    "ehlo": "not_measured", "starttls": "not_measured", "tls": "not_measured",
                                    "final_class": "NM"})
        starttls = run(tables)["starttls"]
        self.assertEqual(list(starttls["not measured"]), [0, 0, 0, 0, 1, 1])


class WrongDatasets(unittest.TestCase):
    def assert_stops(self, message, change):
        tables = small_export.tables()
        change(tables)
        with self.assertRaisesRegex(AssertionError, message):
            run(tables)

    def test_missing_column(self):
        self.assert_stops("no column mx_shape", lambda t: [row.pop("mx_shape") for row in t["domains"]])

    def test_missing_table(self):
        self.assert_stops("endpoints.csv is missing", lambda t: t.pop("endpoints"))

    def test_duplicate_key(self):
        self.assert_stops("two rows with the same", lambda t: t["domains"].append(t["domains"][0]))

    def test_lost_host(self):
        self.assert_stops("another refers to is missing", lambda t: t["mx_hosts"].pop(0))

    def test_lost_domain(self):
        self.assert_stops("11 lines came in, 10 are accounted for", lambda t: t["domains"].pop(-2))

    def test_strange_word(self):
        self.assert_stops("starttls_any: unexpected", lambda t: t["domains"][0].update(starttls_any="yes"))

    def test_tls_without_starttls(self):
        self.assert_stops("TLS without STARTTLS", lambda t: t["endpoints"][0].update(starttls="not_offered"))

    def test_probe_and_endpoint_disagree(self):
        self.assert_stops("outcome of the profile full", lambda t: t["tls_probes"][0].update(outcome="timeout"))

    def test_judged_without_certificate(self):
        self.assert_stops("without certificates", lambda t: t["endpoint_certs"].pop(0))

    def test_sentinel_in_a_key(self):
        self.assert_stops("a key without a value",
                          lambda t: t["certificates"].append({"cert_sha256": "UNK", "key_type": ""}))


class Committed(unittest.TestCase):
    def test_the_notebook_has_no_outputs(self):
        for cell in cells():
            self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None), cell["id"])


if __name__ == "__main__":
    unittest.main()
