// SPDX-License-Identifier: Apache-2.0

import Observations

/// The name by which the survey introduces itself (RFC 5321 §4.1.1.1, §4.1.4): its own host name or address literal,
/// never the target's. Checked once, so that no session can be made to send anything else on that line.
public struct EHLOName: Hashable, Sendable, CustomStringConvertible {
    /// As it is sent.
    public let description: String

    /// Why a text is no name to introduce oneself with.
    public enum Malformed: Error, Hashable, Sendable {
        /// Not letters, digits and inner hyphens between dots, or longer than DNS allows.
        case notAHostName
        /// A single label, which many servers refuse; they want a name that DNS knows.
        case notFullyQualified
        /// An address without its brackets, or brackets around something else (RFC 5321 §4.1.3).
        case badAddressLiteral
    }

    /// Takes a fully qualified host name (A-labels) or an address literal such as `[192.0.2.1]` or `[IPv6:2001:db8::1]`.
    public init(_ text: String) throws(Malformed) {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]") else { throw .badAddressLiteral }
            description = "[\(try Self.addressLiteral(text.dropFirst().dropLast()))]"
            return
        }
        guard IPAddress(text) == nil else { throw .badAddressLiteral }
        let name: DomainName
        do throws(DomainName.Malformed) {
            name = try DomainName(text)
        } catch {
            throw .notAHostName
        }
        guard name.hasHostNameSyntax, !name.wire.contains(UInt8(ascii: "_")) else { throw .notAHostName }
        guard name.labelCount >= 2 else { throw .notFullyQualified }
        description = name.description
    }

    private static func addressLiteral(_ inner: Substring) throws(Malformed) -> String {
        let tag = "IPv6:"
        let isV6 = inner.prefix(tag.count).lowercased() == tag.lowercased()
        guard let address = IPAddress(isV6 ? inner.dropFirst(tag.count) : inner), (address.family == .v6) == isV6 else {
            throw .badAddressLiteral
        }
        return isV6 ? tag + address.description : address.description
    }
}
