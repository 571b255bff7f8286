// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The domain behind what people write: a name in any script, an e-mail address, a URL.
public struct MailDomain: Hashable, Sendable {
    /// In A-labels.
    public let name: DomainName
    /// In U-labels, where that differs.
    public let unicode: String?

    /// Reads `example.nl`, `München.example`, `info@example.nl`, `https://www.example.nl:8080/page`.
    public init(_ text: String) throws(InvalidReason) {
        guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { throw .controlCharacter }
        let host = Self.isPlainName(text) ? text : Self.host(in: text)
        guard !host.isEmpty else { throw .missingDomain }
        guard !host.hasPrefix("["), !host.utf8.contains(UInt8(ascii: ":")) || IPAddress(host) == nil else {
            throw .ipAddress
        }
        let isASCII = host.utf8.allSatisfy { $0 < 0x80 }
        let name = try Self.parsed(isASCII ? host : InternationalName.aLabels(of: host))
        guard name.hasHostNameSyntax else { throw name.isRoot ? .missingDomain : .badCharacter }
        guard !name.isLocalhost else { throw .localhost }
        // RFC 3696 §2: no top-level domain is made of digits alone, so this is an IPv4 address or was meant as one.
        let labels = name.labels
        guard let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .ipAddress }
        guard labels.count >= 2 else { throw .singleLabel }
        self.name = name
        let hasALabels = labels.contains { $0.starts(with: "xn--".utf8) }
        unicode = hasALabels ? InternationalName.uLabels(of: name.description) : nil
    }

    /// Letters, digits, dots and hyphens: what most lists consist of, where nothing needs to be cut away.
    private static func isPlainName(_ text: String) -> Bool {
        text.utf8.allSatisfy { octet in
            switch octet {
            case 0x30...0x39, 0x61...0x7A, 0x41...0x5A, UInt8(ascii: "."), UInt8(ascii: "-"): true
            default: false
            }
        }
    }

    static func parsed(_ text: String) throws(InvalidReason) -> DomainName {
        do throws(DomainName.Malformed) {
            return try DomainName(text)
        } catch {
            switch error {
            case .empty: throw .missingDomain
            case .emptyLabel: throw .emptyLabel
            case .labelTooLong: throw .labelTooLong
            case .nameTooLong: throw .nameTooLong
            case .badEscape, .badWire: throw .badCharacter
            }
        }
    }

    /// RFC 3986 §3.2 without a full parser: scheme, path, query, user and port fall away; of an address (RFC 5322
    /// §3.4.1) what stands behind the last `@` stays.
    private static func host(in text: String) -> String {
        var rest = text[...].trimmed
        let isDelimiter: (Character) -> Bool = { $0 == "/" || $0 == "?" || $0 == "#" || $0 == ">" }
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].prefix { !isDelimiter($0) }
        }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        rest = rest.prefix { !isDelimiter($0) }.trimmed
        if let colon = rest.lastIndex(of: ":"), rest.firstIndex(of: ":") == colon,
            rest[rest.index(after: colon)...].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        {
            rest = rest[..<colon]
        }
        return String(rest.trimmed)
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    var trimmed: Substring {
        var trimmed = drop { $0.isWhitespace }
        while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
        return trimmed
    }
}
