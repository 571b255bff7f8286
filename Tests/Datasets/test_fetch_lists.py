# SPDX-License-Identifier: Apache-2.0
"""What scripts/fetch-lists.py makes of what it fetched; the lists stand in files here, and no network is touched.

    python3 -m unittest discover -s Tests/Datasets
"""

import contextlib
import hashlib
import importlib.util
import io
import json
import tempfile
import unittest
import zipfile
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fetch-lists.py"
specification = importlib.util.spec_from_file_location("fetch_lists", SCRIPT)
fetch_lists = importlib.util.module_from_spec(specification)
specification.loader.exec_module(fetch_lists)

TRANCO = "1,example.com\r\n2,Example.ORG\r\n3,not a domain\r\n4,münchen.example\r\n5,a_b.example.net\r\n"
DOTGOV = (
    "Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email\n"
    'one.gov,City,"City of One, Main Office",,One,CA,someone@one.gov\n'
    "TWO.GOV,Federal - Executive,Second Department,,Washington,DC,(blank)\n"
    "broken line\n"
)


class Fetching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def stored(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path.as_uri()

    def fetch(self, *arguments):
        """Exit status and what was said on standard error."""
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
            status = fetch_lists.main([*arguments, "--to", str(self.folder / "out")])
        return status, errors.getvalue()

    def written(self, name):
        content = (self.folder / "out" / f"{name}.csv").read_bytes()
        record = json.loads((self.folder / "out" / f"{name}.json").read_text())
        return content, record

    def test_tranco(self):
        url = self.stored("list.csv", TRANCO)
        self.assertEqual(self.fetch("tranco", "--id-url", self.stored("id", "ABCD1\n"), "--url", url), (0, ""))
        content, record = self.written("tranco-ABCD1")
        self.assertEqual(content.decode(), "rank,domain\n1,example.com\n2,example.org\n5,a_b.example.net\n")
        self.assertRegex(record.pop("fetched_at"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(record, {
            "list": "tranco", "id": "ABCD1", "url": url, "rows": 3, "lines_left_out": 2,
            "fetched_sha256": hashlib.sha256(TRANCO.encode()).hexdigest(),
            "sha256": hashlib.sha256(content).hexdigest()})

    def test_a_given_id_goes_into_the_address(self):
        self.stored("list-WXYZ9.csv", TRANCO)
        url = self.folder.as_uri() + "/list-{id}.csv"
        self.assertEqual(self.fetch("tranco", "--id", "WXYZ9", "--url", url, "--top", "1")[0], 0)
        self.assertEqual(self.written("tranco-WXYZ9")[0].decode(), "rank,domain\n1,example.com\n")

    def test_zip(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("top-1m.csv", TRANCO)
        url = self.stored("list.zip", packed.getvalue())
        self.assertEqual(self.fetch("tranco", "--id", "WXYZ9", "--url", url), (0, ""))
        self.assertEqual(self.written("tranco-WXYZ9")[1]["rows"], 3)

    def test_dotgov(self):
        self.assertEqual(self.fetch("dotgov", "--url", self.stored("gov.csv", "\ufeff" + DOTGOV)), (0, ""))
        identifier = hashlib.sha256(("\ufeff" + DOTGOV).encode()).hexdigest()[:12]
        content, record = self.written(f"dotgov-{identifier}")
        self.assertEqual(content.decode(),
                         "domain,sector,organization,state,country\n"
                         'one.gov,City,"City of One, Main Office",CA,US\n'
                         "two.gov,Federal - Executive,Second Department,DC,US\n")
        self.assertEqual((record["rows"], record["lines_left_out"]), (2, 1))
        self.assertNotIn(b"@", content)

    def assert_refuses(self, message, *arguments):
        status, said = self.fetch(*arguments)
        self.assertEqual(status, 1)
        self.assertIn(message, said)
        self.assertEqual(list(self.folder.glob("out/*")), [])

    def test_nothing_there(self):
        self.assert_refuses("Is there internet?", "dotgov", "--url", (self.folder / "absent").as_uri())

    def test_a_page_in_place_of_the_list(self):
        page = self.stored("page", "<html><body>Please log in</body></html>")
        self.assert_refuses("no column 'domain name'", "dotgov", "--url", page)
        self.assert_refuses("no domains", "tranco", "--id", "ABCD1", "--url", page)
        self.assert_refuses("no id of a Tranco list", "tranco", "--id-url", page, "--url", page)

    def test_not_text(self):
        self.assert_refuses("no UTF-8", "dotgov", "--url", self.stored("binary", b"\xff\xfe\x00"))
        broken = self.stored("zip", b"PK\x03\x04 and no more")
        self.assert_refuses("broken zip", "tranco", "--id", "ABCD1", "--url", broken)

    def test_a_folder_that_cannot_be_written(self):
        (self.folder / "out").write_text("in the way")
        status, said = self.fetch("dotgov", "--url", self.stored("gov.csv", DOTGOV))
        self.assertEqual((status, "cannot write into" in said), (1, True))


if __name__ == "__main__":
    unittest.main()
