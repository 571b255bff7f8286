// SPDX-License-Identifier: Apache-2.0

import Observations

/// The octets that a signature is over: RRSIG RDATA without the signature, then each record of the set in canonical
/// form and order (RFC 4034 §§3.1.8.1, 6.2, 6.3).
struct CanonicalForm {
    private let rrset: RRset
    private let rdatas: [[UInt8]]
    private let size: Int

    init(_ rrset: RRset) {
        self.rrset = rrset
        let layout = RDataLayout(rrset.type)
        var folded = rrset.rdatas.map { Self.fold($0, layout) }
        if folded.count > 1 {
            folded.sort(by: Self.precedes)
            // RFC 4034 §6.3: equal records count once.
            var unique: [[UInt8]] = []
            for rdata in folded where rdata != unique.last { unique.append(rdata) }
            folded = unique
        }
        rdatas = folded
        size = folded.reduce(0) { $0 + $1.count }
    }

    /// What `signature` should be over.
    func octets(for signature: RRSIG) -> [UInt8] {
        let owner = owner(for: signature)
        var octets: [UInt8] = []
        octets.reserveCapacity(18 + signature.signer.wire.count + rdatas.count * (owner.count + 10) + size)
        octets.append(rrset.type.rawValue)
        octets.append(signature.algorithm)
        octets.append(UInt8(truncatingIfNeeded: signature.labels))
        octets.append(signature.originalTTL)
        octets.append(signature.expiration)
        octets.append(signature.inception)
        octets.append(signature.keyTag)
        octets += signature.signer.wire
        for rdata in rdatas {
            octets += owner
            octets.append(rrset.type.rawValue)
            octets.append(UInt16(1))
            octets.append(signature.originalTTL)
            octets.append(UInt16(truncatingIfNeeded: rdata.count))
            octets += rdata
        }
        return octets
    }

    /// The owner, or the wildcard that it was expanded from (RFC 4035 §5.3.2).
    private func owner(for signature: RRSIG) -> [UInt8] {
        guard signature.labels < rrset.owner.signedLabelCount else { return rrset.owner.wire }
        return [1, UInt8(ascii: "*")] + rrset.owner.suffix(labels: signature.labels).wire
    }

    private static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.lexicographicallyPrecedes(right)
    }

    private static func fold(_ rdata: [UInt8], _ layout: RDataLayout) -> [UInt8] {
        var folded = rdata
        var at = 0
        func foldName() {
            while at < folded.count, folded[at] != 0 {
                let end = min(at + Int(folded[at]), folded.count - 1)
                for index in at + 1..<end + 1 where (0x41...0x5A).contains(folded[index]) { folded[index] |= 0x20 }
                at = end + 1
            }
            at += 1
        }
        switch layout {
        case .opaque:
            break
        case .names(let before, let count, _):
            at = before
            for _ in 0..<count { foldName() }
        case .namingAuthorityPointer:
            at = 4
            for _ in 0..<3 where at < folded.count { at += Int(folded[at]) + 1 }
            foldName()
        }
        return folded
    }
}

extension DomainName {
    /// Labels as the RRSIG field counts them: a leading `*` is not one (RFC 4034 §3.1.3).
    var signedLabelCount: Int { isWildcard ? labelCount - 1 : labelCount }

    /// Whether the left-most label is `*`.
    var isWildcard: Bool { wire.count > 2 && wire[0] == 1 && wire[1] == UInt8(ascii: "*") }
}

extension [UInt8] {
    /// Network order.
    fileprivate mutating func append(_ number: UInt16) {
        append(UInt8(number >> 8))
        append(UInt8(number & 0xFF))
    }

    fileprivate mutating func append(_ number: UInt32) {
        append(UInt16(number >> 16))
        append(UInt16(number & 0xFFFF))
    }
}
