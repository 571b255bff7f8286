// SPDX-License-Identifier: Apache-2.0

/// Where the way to a policy file is broken (RFC 8461 §3.3), by the words of `sts_fetch`.
struct PolicyFetchFault {
    enum Part {
        case address, nameServers, server, handshake, certificate, response
    }

    /// What has to be mended.
    let part: Part
    let text: String
    /// The result type that senders report (RFC 8460 §4.3).
    var report = "sts-policy-fetch-error"

    static let faults: [String: PolicyFetchFault] = [
        "host_nxdomain": .init(part: .address, text: "is on a host that does not exist"),
        "host_nodata": .init(part: .address, text: "is on a host without an address"),
        "host_dns_tempfail": .init(part: .nameServers, text: "is on a host whose addresses cannot be looked up"),
        "tcp_refused": .init(part: .server, text: "is on a host that refuses the connection"),
        "tcp_timeout": .init(part: .server, text: "is on a host that does not answer"),
        "tcp_reset": .init(part: .server, text: "is on a host that ends the connection"),
        "tls_handshake": .init(part: .handshake, text: "is on a host with which TLS fails"),
        "cert_expired": .init(
            part: .certificate, text: "is on a host whose certificate is out of date", report: "sts-webpki-invalid"),
        "cert_untrusted": .init(
            part: .certificate, text: "is on a host whose certificate no public CA stands behind",
            report: "sts-webpki-invalid"),
        "cert_name_mismatch": .init(
            part: .certificate, text: "is on a host whose certificate is for other names",
            report: "sts-webpki-invalid"),
        "http_3xx": .init(part: .response, text: "is a redirect, which senders must not follow"),
        "http_404": .init(part: .response, text: "is not there"),
        "http_4xx": .init(part: .response, text: "is refused"),
        "http_5xx": .init(part: .response, text: "cannot be served"),
        "http_other_2xx": .init(part: .response, text: "comes with a status other than 200"),
        "too_large": .init(part: .response, text: "has more than 64 KiB, of which senders read no more"),
        "timeout": .init(part: .response, text: "does not come whole in time"),
        "truncated": .init(part: .response, text: "ends before it is whole"),
    ]
}
