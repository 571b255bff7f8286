# SPDX-License-Identifier: Apache-2.0
"""nginx as web server: the hosts that serve MTA-STS policies over HTTPS (RFC 8461 section 3.3)."""

HTTP = """\
http {
  access_log off;
  server_tokens off;
  ssl_session_cache none;
  ssl_session_tickets off;
  server_names_hash_bucket_size 128;
  client_body_temp_path /run/lab/nginx-body;
  proxy_temp_path /run/lab/nginx-proxy;
  fastcgi_temp_path /run/lab/nginx-fastcgi;
  uwsgi_temp_path /run/lab/nginx-uwsgi;
  scgi_temp_path /run/lab/nginx-scgi;
"""

SERVER = """\
  server {{
    listen {address}:443 ssl;
    server_name {name};
    root /run/lab/world/policies/{name};
    default_type "{type}";
    types {{ }}
    {certificate}
    {answer}
  }}
"""
CERTIFICATE = "ssl_certificate /run/lab/world/{chain_file}; ssl_certificate_key /run/lab/world/{key_file};"


def write(hosts, directory):
    """Writes the files to serve; returns nginx's `http` section."""
    real = {name: host for name, host in hosts.items() if host["server"] == "nginx"}
    for name, host in real.items():
        path = directory / "policies" / name / ".well-known" / "mta-sts.txt"
        path.parent.mkdir(parents=True)
        path.write_bytes(host["body"].encode())
    return HTTP + "".join(server(name, host) for name, host in real.items()) + "}\n" if real else ""


def server(name, host):
    return SERVER.format(
        address=f"[{host['address']}]" if ":" in host["address"] else host["address"],
        name=name,
        type=host["type"],
        certificate="ssl_reject_handshake on;" if host.get("reject") else CERTIFICATE.format(**host["certificate"]),
        answer=answer(host),
    )


def answer(host):
    if "location" in host:
        return f"return {host['status']} {host['location']};"
    if host["status"] == 203:  # as a proxy that changed something: with the body (RFC 9110 section 15.3.4)
        return "return 203 \"" + host["body"].replace("\r", "\\r").replace("\n", "\\n") + '";'
    if host["status"] != 200:
        return f"return {host['status']};"
    # What might be filtered has no length beforehand, so it leaves in chunks.
    return "ssi on; ssi_types text/plain;" if host.get("chunked") else ""
