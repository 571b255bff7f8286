// SPDX-License-Identifier: Apache-2.0

/// One TLSA record (RFC 6698 §2.1), and whether a mail sender can use it.
///
/// For mail only DANE-TA (2) and DANE-EE (3) count: the usages 0 and 1 lean on a list of public CAs that sender and
/// receiver would have to agree on (RFC 7672 §3.1.3). What cannot be used is left aside as if it were not there; where
/// nothing is left, the sender still demands TLS, but authenticates nobody (RFC 7672 §2.2).
public struct TLSARecord: Hashable, Sendable {
    /// Whether the record counts, or what is wrong with it: the first fault in the order of the fields.
    public enum Usability: String, CaseIterable, Hashable, Sendable {
        /// It counts.
        case usable
        /// A certificate usage other than 2 and 3.
        case badUsage = "bad_usage"
        /// A selector other than 0 and 1.
        case badSelector = "bad_selector"
        /// A matching type other than 0, 1 and 2.
        case badMatchingType = "bad_mtype"
        /// A digest that is not as long as its kind.
        case badLength = "bad_length"
        /// Data given in full that is no certificate, or no public key.
        case unparsable
    }

    /// Certificate usage: 2 DANE-TA, 3 DANE-EE (RFC 7218 §2.1).
    public let certificateUsage: Int
    /// Selector: 0 the certificate, 1 its public key (SubjectPublicKeyInfo).
    public let selector: Int
    /// Matching type: 0 the octets themselves, 1 SHA-256, 2 SHA-512.
    public let matchingType: Int
    /// Certificate association data.
    public let associationData: [UInt8]
    /// Whether it counts for mail.
    public let usability: Usability

    /// Takes the fields as published.
    ///
    /// - Parameter isFullDataReadable: for matching type 0, whether the data are a certificate or a public key: known to
    ///   those who can read DER.
    public init(
        certificateUsage: Int, selector: Int, matchingType: Int, associationData: [UInt8],
        isFullDataReadable: Bool = true
    ) {
        self.certificateUsage = certificateUsage
        self.selector = selector
        self.matchingType = matchingType
        self.associationData = associationData
        usability =
            if !(2...3).contains(certificateUsage) {
                .badUsage
            } else if !(0...1).contains(selector) {
                .badSelector
            } else {
                switch matchingType {
                case 0: associationData.isEmpty || !isFullDataReadable ? .unparsable : .usable
                case 1: associationData.count == 32 ? .usable : .badLength
                case 2: associationData.count == 64 ? .usable : .badLength
                default: .badMatchingType
                }
            }
    }

    /// DANE-TA (2), usable: it names a trust anchor.
    public var namesTrustAnchor: Bool { usability == .usable && certificateUsage == 2 }
    /// DANE-EE (3), usable: it names the host's own certificate or key.
    public var namesHost: Bool { usability == .usable && certificateUsage == 3 }
    /// The certificate or key itself and no digest of it.
    public var isGivenInFull: Bool { matchingType == 0 }
}

extension TLSARecord: CustomStringConvertible {
    /// As zone files write it: `3 1 1 8bd1…`.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = associationData.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "\(certificateUsage) \(selector) \(matchingType) \(String(decoding: hex, as: UTF8.self))"
    }
}

/// Digest agility (RFC 7671 §9): of the digests that are published for a usage and a selector only the strongest kind
/// counts, so that a broken digest can be left behind one host at a time. Data given in full always count. Records that
/// cannot be used shadow nothing.
extension TLSARecord {
    /// The places of records that do not count because a stronger digest stands beside them.
    public static func shadowed(in records: [TLSARecord]) -> Set<Int> {
        Set(records.indices.filter { index in records.contains { $0.shadows(records[index]) } })
    }

    private func shadows(_ other: TLSARecord) -> Bool {
        usability == .usable && other.usability == .usable && certificateUsage == other.certificateUsage
            && selector == other.selector && !other.isGivenInFull && matchingType > other.matchingType
    }
}
