// SPDX-License-Identifier: Apache-2.0

/// What a stage's word says, for the administrator of a mail server who does not know our vocabulary. What to do about it
/// stands in `Advice`.
enum StageMeaning {
    /// `the server refused …`; nil for words that speak for themselves.
    static func text(_ word: String, stage: String) -> String? {
        words[stage]?[word]
    }

    private static let words: [String: [String: String]] = [
        "tcp": tcp, "greeting": greeting, "ehlo": ehlo, "starttls": starttls, "tls": tls, "dane": dane, "pkix": pkix,
        "name": name, "dane_domain": daneDomain,
    ]

    private static let tcp = [
        "refused": "nothing listens on this port, or a firewall answers in its place",
        "timeout": "no answer to the connection; a firewall may drop it",
        "reset": "the connection was cut while it was opened",
        "host_unreachable": "no way leads to this address",
        "net_unreachable": "no way leads to this network from here",
        "admin_prohibited": "a filter forbids the connection",
        "local_resource": "this machine had no room for the connection; nothing is known about the server",
        "port25_egress_blocked": "our own network blocks the port; nothing is known about the server",
        "budget_exhausted":
            "the address has had all the connections that it may have; nothing is known about the server",
    ]

    private static let greeting = [
        "421": "the server is closing, try later", "4xx": "the server refuses for now, try later",
        "timeout": "connected, but no complete greeting came in time", "eof": "the server hung up before its greeting",
        "521": "the server takes no mail (RFC 7504)", "554": "the server offers no mail service here",
        "5xx_other": "the server refuses every client, or us", "not_smtp": "what answers there does not speak SMTP",
        "blocked_by_reputation": "the server refuses our address by a block list; nothing is known about its TLS",
    ]

    private static let ehlo = [
        "helo_only": "the server knows only HELO, so that it can offer no STARTTLS",
        "malformed": "the answer to EHLO is no SMTP reply", "421": "the server is closing, try later",
        "4xx": "the server refuses for now, try later", "timeout": "no complete answer to EHLO came in time",
        "eof": "the server hung up instead of answering EHLO", "5xx": "the server refuses EHLO and HELO",
        "blocked_by_reputation": "the server refuses our address by a block list; nothing is known about its TLS",
    ]

    private static let starttls = [
        "not_offered": "the server has no STARTTLS: mail to it travels in clear",
        "not_offered_masked": "STARTTLS was overwritten on the way, by a firewall most likely: mail travels in clear",
        "offered_5xx": "the server offers STARTTLS and refuses it when asked",
        "offered_454": "TLS is out of order at the server for now, try later",
        "offered_4xx": "the server refuses STARTTLS for now, try later",
        "offered_timeout": "no answer to STARTTLS came in time", "offered_eof": "the server hung up on STARTTLS",
        "offered_malformed": "the answer to STARTTLS is no SMTP reply",
        "offered_trailing_plaintext": "text in clear followed the answer to STARTTLS, as when somebody injects it",
    ]

    private static let tls = [
        "alert_handshake_failure": "the server found nothing that it accepts among our cipher suites and key exchanges",
        "alert_protocol_version": "the server speaks none of TLS 1.0 to 1.3",
        "alert_insufficient_security": "the server wants stronger ciphers than it was offered",
        "alert_unrecognized_name": "the server does not know itself by the name of its MX record",
        "alert_internal_error": "the server ended TLS with an error of its own, often a missing certificate or key",
        "alert_other": "the server ended TLS with an alert",
        "bad_record": "what the server sent breaks the TLS protocol",
        "not_tls": "the server agreed to TLS and then sent something else",
        "client_cert_required": "the server wants a certificate of every sender, which no sender has",
        "timeout": "TLS was not complete in time", "eof": "the server hung up during the TLS handshake",
        "reset": "the connection was cut during the TLS handshake",
        "client_policy": "our own library refuses what the server does; nothing is held against the server",
        "local_error": "an error of our own; nothing is known about the server",
    ]

    private static let dane = [
        "insecure_address": "its addresses are not signed by DNSSEC, so that no TLSA record would count",
        "absent_secure": "no TLSA records", "tlsa_insecure": "its TLSA records are not signed, and count for nothing",
        "tempfail": "its TLSA records can't be looked up: senders that use DANE keep the mail back",
        "unusable": "senders encrypt, but can use none of its TLSA records to know whom they talk to",
        "match_ee": "the certificate is the one that its TLSA records name",
        "match_ta": "the certificate is issued by the authority that its TLSA records name, for the right name",
        "mismatch": "no TLSA record fits the certificate: senders that use DANE keep the mail back",
        "ta_name_mismatch": "the authority is right, the name in the certificate is not: senders keep the mail back",
        "ta_chain_absent_or_expired":
            "the authority of its TLSA records is not sent, or the chain to it does not hold: senders keep the mail back",
        "no_starttls": "TLSA records demand TLS, and STARTTLS is not offered: senders keep the mail back",
        "tls_failed": "TLSA records demand TLS, and TLS fails: senders keep the mail back",
        "unknown": "it has TLSA records, but what it shows was not seen, or is more than can be checked",
    ]

    private static let pkix = [
        "valid": "issued by a publicly trusted CA", "expired_leaf": "the certificate has expired",
        "expired_issuer": "a certificate above the server's has expired", "not_yet_valid": "not valid yet",
        "self_signed_leaf": "signed by itself, so that nobody vouches for it",
        "self_signed_in_chain": "issued by a private CA", "unknown_ca": "issued by a CA that is neither known nor sent",
        "incomplete_chain": "the server does not send its intermediate certificate",
        "signature_bad": "a signature in the chain is wrong", "weak_signature": "signed with SHA-1 or MD5",
        "weak_key": "a key of the chain is too short",
        "bad_purpose": "a certificate is used for what it is not meant for",
        "bad_extension": "a certificate says something critical that can't be understood",
        "name_constraint": "its CA may not issue for this name",
        "path_length": "more CAs in a row than one of them allows",
        "revoked": "the certificate was revoked", "parse_error": "what the server sends is no certificate",
        "no_certificate": "the server sends no certificate", "other": "the chain can't be verified",
    ]

    private static let name = [
        "match_exact": "the certificate names the host",
        "match_wildcard": "the certificate covers the host by a wildcard",
        "cn_only": "the host stands only in the common name, which no longer counts",
        "mismatch": "the certificate names other hosts", "no_names": "the certificate names nobody",
    ]

    private static let daneDomain = [
        "none": "no host has TLSA records", "insecure": "the MX records or the addresses are not signed by DNSSEC",
        "unusable": "there are TLSA records, but none that mail senders can use",
        "partial": "some hosts are protected, others are not", "valid": "every host shows what its TLSA records name",
        "failed": "at a host TLSA records and certificate do not fit: senders that use DANE keep mail back",
        "no_mx": "the domain takes no mail", "unknown": "a host could not be asked",
    ]
}
