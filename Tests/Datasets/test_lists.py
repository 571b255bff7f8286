# SPDX-License-Identifier: Apache-2.0
"""The lists that come with the project are what their README says.

    python3 -m unittest discover -s Tests/Datasets
"""

import csv
import re
import unittest
from pathlib import Path

LISTS = Path(__file__).resolve().parents[2] / "datasets" / "lists"
SECTORS = {"banks": "bank", "mail-providers": "provider", "ministries": "government", "universities": "university"}
NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def rows(name):
    with open(LISTS / f"{name}.csv", newline="", encoding="ascii") as file:
        return list(csv.DictReader(file, strict=True))


class Lists(unittest.TestCase):
    def test_each_list_is_described(self):
        self.assertEqual({path.stem for path in LISTS.iterdir()}, set(SECTORS))
        readme = (LISTS.parent / "README.md").read_text(encoding="utf-8")
        for name in SECTORS:
            self.assertIn(f"lists/{name}.csv", readme)

    def test_rows(self):
        for name, sector in SECTORS.items():
            with self.subTest(name):
                found = rows(name)
                self.assertIn(len(found), range(25, 41))
                for row in found:
                    self.assertEqual(list(row), ["domain", "sector", "country"])
                    self.assertRegex(row["domain"], NAME)
                    self.assertEqual(row["sector"], sector)
                    self.assertRegex(row["country"], r"^[A-Z]{2}$")

    def test_sorted_and_each_once(self):
        everything = []
        for name in SECTORS:
            found = [row["domain"] for row in rows(name)]
            self.assertEqual(found, sorted(found), name)
            everything += found
        self.assertEqual(len(everything), len(set(everything)))

    def test_the_pattern_refuses(self):
        for name in ["localhost", "-a.example", "a..example", "münchen.de", "a.example.", "1.2.3.4", "A.example"]:
            self.assertIsNone(NAME.fullmatch(name), name)


if __name__ == "__main__":
    unittest.main()
