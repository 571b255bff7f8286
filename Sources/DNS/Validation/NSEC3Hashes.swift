// SPDX-License-Identifier: Apache-2.0

internal import CLDNS
import Observations

/// The hashes of names under NSEC3's parameters (RFC 5155 §5), each computed once and charged to the answer.
struct NSEC3Hashes {
    private struct Input: Hashable {
        let name: DomainName
        let iterations: Int
        let salt: [UInt8]
    }

    private let effort: Effort
    private var known: [Input: NSEC3Hash] = [:]

    init(_ effort: Effort) {
        self.effort = effort
    }

    mutating func hash(_ name: DomainName, iterations: Int, salt: [UInt8]) throws(Interruption) -> NSEC3Hash {
        let input = Input(name: name, iterations: iterations, salt: salt)
        if let hash = known[input] { return hash }
        try effort.chargeHash(
            blocks: Self.blocks(name.wire.count + salt.count) + iterations * Self.blocks(20 + salt.count))
        guard let hash = NSEC3Hash(Self.hash(name, iterations: iterations, salt: salt)) else {
            preconditionFailure("SHA-1 has 20 octets")
        }
        known[input] = hash
        return hash
    }

    /// SHA-1 works on blocks of 64 octets; nine are padding and length.
    private static func blocks(_ octets: Int) -> Int { (octets + 9 + 63) / 64 }

    /// IH(salt, x, k) = H(IH(salt, x, k-1) || salt), with the name in canonical form.
    static func hash(_ name: DomainName, iterations: Int, salt: [UInt8]) -> [UInt8] {
        var input = name.wire + salt
        var digest = [UInt8](repeating: 0, count: 20)
        ldns_sha1(&input, UInt32(input.count), &digest)
        for _ in 0..<iterations {
            input.replaceSubrange(..<(input.count - salt.count), with: digest)
            ldns_sha1(&input, UInt32(input.count), &digest)
        }
        return digest
    }
}
