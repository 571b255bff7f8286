# SPDX-License-Identifier: Apache-2.0
"""Writes asn.mmdb and country.mmdb beside itself, laid out like GeoLite2's, with networks for documentation and the lab.

    python3 -m venv /tmp/mmdb && /tmp/mmdb/bin/pip install mmdb_writer==0.2.7
    /tmp/mmdb/bin/python make.py
"""
import pathlib

from mmdb_writer import MmdbU32, MMDBWriter
from netaddr import IPSet

HERE = pathlib.Path(__file__).parent
SYSTEMS = {
    64500: ("Documentation Ltd", ["192.0.2.0/24", "2001:db8:1::/48"]),
    64501: ("Another Ltd", ["198.51.100.0/25", "203.0.113.7/32", "2001:db8:2::/48"]),
    64502: ("The lab's Postfix", ["127.0.1.0/24", "fd00:6d78::100/120"]),
    64503: ("The lab's Exim", ["127.0.2.0/24"]),
    4200000000: ("A number of 32 bits", ["198.51.100.128/25"]),
}
COUNTRIES = {
    "192.0.2.0/24": {"country": {"iso_code": "NL"}, "registered_country": {"iso_code": "DE"}},
    "198.51.100.0/24": {"registered_country": {"iso_code": "IS"}},
    "203.0.113.0/24": {"continent": {"code": "EU"}},
    "2001:db8:1::/48": {"country": {"iso_code": "PT"}},
    "127.0.1.0/24": {"country": {"iso_code": "FI"}},
}


def main():
    systems = MMDBWriter(ip_version=6, database_type="Test-ASN", ipv4_compatible=True)
    for number, (name, networks) in SYSTEMS.items():
        systems.insert_network(
            IPSet(networks),
            {"autonomous_system_number": MmdbU32(number), "autonomous_system_organization": name})
    systems.to_db_file(str(HERE / "asn.mmdb"))
    countries = MMDBWriter(ip_version=6, database_type="Test-Country", ipv4_compatible=True)
    for network, record in COUNTRIES.items():
        countries.insert_network(IPSet([network]), record)
    countries.to_db_file(str(HERE / "country.mmdb"))


if __name__ == "__main__":
    main()
