# SPDX-License-Identifier: Apache-2.0
"""A mail server that costs little and answers on every 127.x.y.z: nginx's mail proxy, with room for many at once."""

import os
import socket
import subprocess
import time
from pathlib import Path

CONFIG = """\
load_module /usr/lib/nginx/modules/ngx_mail_module.so;
user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile {files};
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
events {{ worker_connections {connections}; multi_accept on; }}
mail {{
  server_name mail.bench;
  auth_http 127.0.0.1:9/nobody;
  resolver off;
  proxy_pass_error_message off;
  smtp_auth none;
  smtp_capabilities PIPELINING "SIZE 10240000" 8BITMIME;
  ssl_session_cache none;
  ssl_session_tickets off;
  server {{
    listen 0.0.0.0:25 backlog=4096;
    protocol smtp;
    starttls on;
    ssl_certificate {chain};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
  }}
}}
"""
SECONDS_TO_ANSWER = 30


def start(folder, chain, key, connections):
    """Starts it; returns the process once it greets."""
    config = Path(folder) / "nginx.conf"
    # A proxy counts two connections for each client; some of the last round may still be closing.
    room = 4 * connections
    config.write_text(
        CONFIG.format(folder=folder, chain=chain, key=key, connections=room, files=room + 64), encoding="utf-8"
    )
    process = subprocess.Popen(
        ["nginx", "-p", str(folder), "-e", f"{folder}/nginx.log", "-c", str(config)],
        env={**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not greets():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"bench: the responder does not answer; see nginx above and {folder}/nginx.log")
        time.sleep(0.05)
    return process


def greets():
    try:
        with socket.create_connection(("127.64.0.0", 25), timeout=2) as connection:
            return connection.recv(512).startswith(b"220")
    except OSError:
        return False
