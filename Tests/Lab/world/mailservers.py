# SPDX-License-Identifier: Apache-2.0
"""Configuration of the real mail servers: Postfix (OpenSSL), Exim (GnuTLS) and nginx's mail proxy (OpenSSL).

Each has one process tree that listens on port 25 of all its hosts' addresses, and presents for every address the host's
own name, certificate and TLS versions.
"""

from description import addresses

# Servers of the lab may do what a current OpenSSL refuses by default: TLS 1.0, SHA-1, RSA keys of 1024 bits.
OPENSSL = """\
openssl_conf = lab
[lab]
ssl_conf = modules
[modules]
system_default = everything
[everything]
MinProtocol = TLSv1
CipherString = ALL:!aNULL:@SECLEVEL=0
"""

POSTFIX_MAIN = """\
compatibility_level = 3.6
mail_owner = postfix
setgid_group = postdrop
queue_directory = /run/lab/postfix/queue
data_directory = /run/lab/postfix/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = all
inet_protocols = all
mydestination =
local_recipient_maps =
alias_maps =
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_relay_restrictions = reject
smtpd_tls_security_level = may
smtpd_tls_session_cache_database =
tls_medium_cipherlist = ALL:@SECLEVEL=0
import_environment = MAIL_CONFIG OPENSSL_CONF
"""

POSTFIX_MASTER = """\
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
"""

EXIM = """\
primary_hostname = exim.lab
spool_directory = /run/lab/exim
log_file_path = syslog
keep_environment =
pid_file_path = /run/lab/exim/exim.pid
local_interfaces = <; {interfaces}
daemon_smtp_ports = 25
smtp_active_hostname = {name}
smtp_banner = $smtp_active_hostname ESMTP Exim
smtp_accept_max = 500
smtp_accept_max_per_host = 500
rfc1413_query_timeout = 0s
host_lookup =
acl_smtp_rcpt = deny
tls_advertise_hosts = *
tls_certificate = {chain}
tls_privatekey = {key}
tls_require_ciphers = {priorities}

begin acl
deny:
  deny
"""

NGINX = """\
load_module /usr/lib/nginx/modules/ngx_mail_module.so;
user root;
worker_processes 1;
pid /run/lab/nginx.pid;
error_log /run/lab/log/nginx.log error;
events { worker_connections 4096; }
mail {
  auth_http 127.0.0.1:9/nobody;
  resolver off;
  proxy_pass_error_message off;
  smtp_auth none;
  smtp_capabilities PIPELINING "SIZE 10240000" 8BITMIME;
  ssl_session_cache none;
  ssl_session_tickets off;
  ssl_ciphers ALL:!aNULL:@SECLEVEL=0;
"""

NGINX_SERVER = """\
  server {{
    listen {address}:25;
    server_name {name};
    protocol smtp;
    starttls on;
    ssl_certificate /run/lab/world/{chain};
    ssl_certificate_key /run/lab/world/{key};
    ssl_protocols {versions};
  }}
"""


def write(hosts, directory, http):
    """`http` is what nginx serves on the web beside its mail proxy."""
    (directory / "openssl.cnf").write_text(OPENSSL)
    (directory / "postfix").mkdir()
    (directory / "postfix/main.cf").write_text(POSTFIX_MAIN)
    (directory / "postfix/master.cf").write_text(postfix_master(addresses(hosts, "postfix")))
    (directory / "exim").mkdir()
    (directory / "exim/exim.conf").write_text(exim(addresses(hosts, "exim"), directory / "exim"))
    (directory / "nginx.conf").write_text(nginx(addresses(hosts, "nginx")) + http)


def postfix_master(listeners):
    lines = [POSTFIX_MASTER]
    for address, name, host in listeners:
        certificate = host["certificate"]
        key, chain = (f"/run/lab/world/{certificate[file]}" for file in ("key_file", "chain_file"))
        options = {
            "myhostname": name,
            "smtpd_tls_chain_files": f"{key},{chain}",  # in this order
            "smtpd_tls_protocols": postfix_protocols(host["tls"]),
        }
        lines.append(f"{bracketed(address)}:25 inet n - n - - smtpd\n")
        lines += [f"  -o {option}={value}\n" for option, value in options.items()]
    return "".join(lines)


def postfix_protocols(versions):
    return ",".join("!" + protocol for version, protocol in protocols().items() if version not in versions)


def protocols():
    return {"ssl3": "SSLv3", "1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}


def exim(listeners, directory):
    """Exim looks up by its own address what to present, in one small table for each question."""
    tables = {
        "name": lambda name, host: name,
        "chain": lambda name, host: "/run/lab/world/" + host["certificate"]["chain_file"],
        "key": lambda name, host: "/run/lab/world/" + host["certificate"]["key_file"],
        "priorities": lambda name, host: gnutls_priorities(host["tls"]),
    }
    for table, value in tables.items():
        rows = [f'"{address}": {value(name, host)}\n' for address, name, host in listeners]
        (directory / table).write_text("".join(rows))
    lookups = {table: "${lookup{$received_ip_address}lsearch{/run/lab/world/exim/%s}}" % table for table in tables}
    return EXIM.format(interfaces=" ; ".join(address for address, _, _ in listeners), **lookups)


def gnutls_priorities(versions):
    return "NORMAL:-VERS-ALL:%COMPAT:+SHA1:+SIGN-ALL:" + ":".join(
        f"+VERS-TLS{version}" for version in reversed(versions)
    )


def nginx(listeners):
    servers = [
        NGINX_SERVER.format(
            address=bracketed(address),
            name=name,
            chain=host["certificate"]["chain_file"],
            key=host["certificate"]["key_file"],
            versions=" ".join(protocols()[version] for version in host["tls"]),
        )
        for address, name, host in listeners
    ]
    return NGINX + "".join(servers) + "}\n"


def bracketed(address):
    return f"[{address}]" if ":" in address else address
