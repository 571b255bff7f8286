// SPDX-License-Identifier: Apache-2.0

/// What a name can be used for.
extension DomainName {
    /// Letters, digits, hyphens and underscores only, no label that begins or ends with a hyphen (RFC 1123 §2.1; the
    /// underscore is tolerated, as resolvers and mail servers do).
    public var hasHostNameSyntax: Bool {
        !isRoot
            && labels.allSatisfy { label in
                label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { octet in
                        switch octet {
                        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                        default: false
                        }
                    }
            }
    }

    /// Whether the name reads as an IPv4 address: four labels of digits, each at most 255. Such an MX target is an
    /// address literal that somebody wrote where RFC 5321 §5.1 wants a name.
    public var isAddressLiteral: Bool {
        IPAddress(description) != nil
    }

    /// `localhost` or a name below it (RFC 6761 §6.3).
    public var isLocalhost: Bool {
        labels.last.map { $0.elementsEqual("localhost".utf8) } ?? false
    }
}
