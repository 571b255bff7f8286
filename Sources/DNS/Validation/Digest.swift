// SPDX-License-Identifier: Apache-2.0

internal import CLDNS

/// The digests of DS records (IANA registry of DS digest algorithms) that count here.
enum Digest {
    /// Type 1: mandatory to accept, not to be used (RFC 8624 §3.3).
    case sha1
    /// Type 2 (RFC 4509).
    case sha256
    /// Type 4 (RFC 6605 §2).
    case sha384

    /// The digest of a number; nil for those that nobody here computes, GOST among them (RFC 9558).
    init?(type: UInt8) {
        switch type {
        case 1: self = .sha1
        case 2: self = .sha256
        case 4: self = .sha384
        default: return nil
        }
    }

    /// Octets.
    var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        }
    }

    /// ldns' own hash functions: pure, without allocation, and quicker to start than OpenSSL's for so few octets.
    func hash(_ octets: [UInt8]) -> [UInt8] {
        var input = octets
        return [UInt8](unsafeUninitializedCapacity: length) { output, count in
            switch self {
            case .sha1: ldns_sha1(&input, UInt32(input.count), output.baseAddress)
            case .sha256: ldns_sha256(&input, UInt32(input.count), output.baseAddress)
            case .sha384: ldns_sha384(&input, UInt32(input.count), output.baseAddress)
            }
            count = length
        }
    }
}
