// SPDX-License-Identifier: Apache-2.0

public import Observations

/// One `mx` of a policy (RFC 8461 §3.2): a domain name, or `*.` and a domain name.
///
/// It is compared with the host name of an MX record, which the policy must name whole, letters in any case (§4.1). The
/// wildcard stands for exactly one label, the left-most: `*.example.com` covers `mx.example.com`, and neither
/// `example.com` nor `a.mx.example.com`. There is nothing to match in `notmx.example.com` for `mx.example.com`.
public struct MXPattern: Hashable, Sendable {
    /// As published, lower case.
    public let text: String
    fileprivate let isWildcard: Bool
    fileprivate let name: DomainName

    /// Reads a value; nil where it is neither. Names are letters, digits and hyphens (RFC 5321 §4.1.2 `Domain`), so there
    /// is no final dot, no underscore, no U-label; an IPv4 address has that form and is none.
    public init?(_ value: some Sequence<UInt8>) {
        let octets = value.map(\.lowered)
        isWildcard = octets.starts(with: "*.".utf8)
        let rest = octets[(isWildcard ? 2 : 0)...]
        text = octets[...].text
        guard !rest.isEmpty, rest.last != UInt8(ascii: "."),
            rest.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }),
            let name = try? DomainName(rest.text), name.hasHostNameSyntax, !name.isAddressLiteral
        else { return nil }
        self.name = name
    }
}

/// All patterns of a policy, by their names: a file may have thousands, and a domain more than one host.
public struct MXPatterns: Sendable {
    private var names: Set<DomainName> = []
    private var wildcards: Set<DomainName> = []

    /// Reads the values; those that are no patterns cover nobody.
    public init(_ values: some Sequence<String>) {
        for pattern in values.lazy.compactMap({ MXPattern($0.utf8) }) {
            if pattern.isWildcard { wildcards.insert(pattern.name) } else { names.insert(pattern.name) }
        }
    }

    /// How they cover a host: by name before by wildcard.
    public func match(_ host: DomainName) -> STSMatch {
        if names.contains(host) { return .matchExact }
        guard let parent = host.parent, wildcards.contains(parent) else { return .noMatch }
        return .matchWildcard
    }
}
