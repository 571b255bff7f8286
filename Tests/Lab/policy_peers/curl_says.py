# SPDX-License-Identifier: Apache-2.0
"""curl fetches each policy as RFC 8461 section 3.3 wants it: no redirects, a limit of time; its words are made ours."""

import json
import os
import subprocess

import dns_says

NAME = "curl"
SECONDS = "20"  # what stalls and drips is not waited for a minute
LIMIT = 65536
CERTIFICATE = {"expired": "cert_expired", "no alternative": "cert_name_mismatch"}


def fetch(domain, cells):
    host = f"mta-sts.{domain}"
    missing = dns_says.host(host)
    if missing:
        return missing
    seen = curl(f"https://{host}/.well-known/mta-sts.txt")
    code, error, size = seen["exitcode"], seen["errormsg"] or "", seen["size_download"]
    if size > LIMIT:
        return "too_large"
    if code == 28:
        return "timeout" if seen["time_connect"] else "tcp_timeout"
    if code == 35:
        return "tcp_reset" if "reset by peer" in error else "tls_handshake"
    if code == 60:
        return next((word for text, word in CERTIFICATE.items() if text in error), "cert_untrusted")
    return {7: "tcp_refused", 18: "truncated", 52: "truncated"}.get(code) or response(seen)


def curl(url):
    done = subprocess.run(
        ["curl", "-s", "-m", SECONDS, "--cacert", os.environ["SSL_CERT_FILE"], "-o", "/dev/null", "-w", "%{json}", url],
        stdout=subprocess.PIPE,
        check=False,
    )
    return json.loads(done.stdout)


def response(seen):
    status = seen["http_code"]
    if status == 200:
        plain = seen["content_type"].split(";")[0].strip().lower() == "text/plain"
        return "ok" if plain else "content_type_not_text_plain"
    if status == 404:
        return "http_404"
    return {2: "http_other_2xx", 3: "http_3xx", 4: "http_4xx", 5: "http_5xx"}[status // 100]


ASK = {"fetch": fetch}
