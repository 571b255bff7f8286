// SPDX-License-Identifier: Apache-2.0

import CLDNS
import Observations

@testable import DNS

/// The moment at which the zones of these tests are looked at.
let testTime = Timestamp(seconds: 1_767_225_600)

/// A name that the test's author has spelled right.
func name(_ text: String) -> DomainName {
    (try? DomainName(text)) ?? .root
}

/// A zone with one Ed25519 key, made from a seed so that every run has the same: signs whatever it is told to, right or
/// wrong.
final class TestZone {
    let name: DomainName
    let flags: UInt16
    private let privateKey: OpaquePointer?
    private let publicKey: [UInt8]

    init(_ zone: String, seed: UInt8 = 1, flags: UInt16 = 257) {
        name = DNSTests.name(zone)
        self.flags = flags
        let secret = [UInt8](repeating: seed, count: 32)
        privateKey = EVP_PKEY_new_raw_private_key(NID_ED25519, nil, secret, 32)
        var octets = [UInt8](repeating: 0, count: 32)
        var count = 32
        EVP_PKEY_get_raw_public_key(privateKey, &octets, &count)
        publicKey = octets
    }

    deinit {
        EVP_PKEY_free(privateKey)
    }

    var keyRData: [UInt8] { [UInt8(flags >> 8), UInt8(flags & 0xFF), 3, 15] + publicKey }
    var keyTag: UInt16 { DNSKEY(rdata: keyRData)?.keyTag ?? 0 }
    var anchor: TrustAnchor? { DNSKEY(rdata: keyRData).map { TrustAnchor(zone: name, form: .dnskey($0)) } }

    /// RDATA of the DS that a parent would have.
    func dsRData(algorithm: UInt8 = 15, digestType: UInt8 = 2) -> [UInt8] {
        let digest = (Digest(type: digestType) ?? .sha256).hash(name.wire + keyRData)
        return [UInt8(keyTag >> 8), UInt8(keyTag & 0xFF), algorithm, digestType] + digest
    }

    /// The DNSKEY RRset, signed.
    func keys(with others: [[UInt8]] = []) -> RRset {
        sign(RRset(owner: name, type: .dnskey, ttl: 3_600, rdatas: [keyRData] + others))
    }

    /// The RRset with a signature of this zone's key.
    func sign(
        _ rrset: RRset, labels: Int? = nil, inception: Int64 = -86_400, expiration: Int64 = 86_400,
        keyTag: UInt16? = nil, algorithm: UInt8 = 15, signer: DomainName? = nil
    ) -> RRset {
        func octets(_ number: UInt32) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        }
        func moment(_ offset: Int64) -> [UInt8] { octets(UInt32(truncatingIfNeeded: testTime.seconds + offset)) }
        let tag = keyTag ?? self.keyTag
        var rdata = [UInt8(rrset.type.rawValue >> 8), UInt8(rrset.type.rawValue & 0xFF), algorithm]
        rdata.append(UInt8(labels ?? rrset.owner.signedLabelCount))
        rdata += octets(rrset.ttl) + moment(expiration) + moment(inception)
        rdata += [UInt8(tag >> 8), UInt8(tag & 0xFF)] + (signer ?? name).wire
        var signed = rrset
        guard let unsigned = RRSIG(rdata: rdata, ttl: rrset.ttl) else { return rrset }
        rdata += signature(over: CanonicalForm(rrset).octets(for: unsigned))
        if let signature = RRSIG(rdata: rdata, ttl: rrset.ttl) { signed.signatures.append(signature) }
        return signed
    }

    private func signature(over octets: [UInt8]) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = 64
        EVP_DigestSignInit(context, nil, nil, nil, privateKey)
        EVP_DigestSign(context, &signature, &count, octets, octets.count)
        return signature
    }
}

/// The records that the tests are made of.
extension TestZone {
    func a(_ owner: String, _ last: UInt8 = 1, labels: Int? = nil) -> RRset {
        sign(RRset(owner: DNSTests.name(owner), type: .a, ttl: 300, rdatas: [[192, 0, 2, last]]), labels: labels)
    }

    func soa(minimum: UInt32 = 60) -> RRset {
        let numbers: [UInt32] = [1, 2, 3, 4, minimum]
        let tail = numbers.flatMap { number in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        return sign(RRset(owner: name, type: .soa, ttl: 900, rdatas: [name.wire + name.wire + tail]))
    }

    func nsec(_ owner: String, _ next: String, _ types: RecordType...) -> RRset {
        let rdata = DNSTests.name(next).wire + Self.bitmap(types + [.nsec, .rrsig])
        return sign(RRset(owner: DNSTests.name(owner), type: .nsec, ttl: 600, rdatas: [rdata]))
    }

    /// The record whose owner is the hash of `owner`.
    func nsec3(
        matching owner: String, _ types: RecordType..., optOut: Bool = false, iterations: Int = 0, salt: [UInt8] = []
    ) -> RRset {
        let hash = NSEC3Hashes.hash(DNSTests.name(owner), iterations: iterations, salt: salt)
        return nsec3(hash, hash.moved(by: 1), types, optOut, iterations, salt)
    }

    /// A record in whose narrow gap the hash of `owner` lies.
    func nsec3(
        covering owner: String, optOut: Bool = false, iterations: Int = 0, salt: [UInt8] = []
    ) -> RRset {
        let hash = NSEC3Hashes.hash(DNSTests.name(owner), iterations: iterations, salt: salt)
        return nsec3(hash.moved(by: -1), hash.moved(by: 1), [], optOut, iterations, salt)
    }

    /// A wide opt-out gap.
    func nsec3(from start: [UInt8], to end: [UInt8]) -> RRset {
        nsec3(start, end, [], true, 0, [])
    }

    private func nsec3(
        _ hash: [UInt8], _ next: [UInt8], _ types: [RecordType], _ optOut: Bool, _ iterations: Int, _ salt: [UInt8]
    ) -> RRset {
        let owner = (try? name.prepending(Base32Hex.encode(hash))) ?? name
        let head = [1, optOut ? 1 : 0, UInt8(iterations >> 8), UInt8(iterations & 0xFF), UInt8(salt.count)] + salt
        let rdata = head + [20] + next + Self.bitmap(types)
        return sign(RRset(owner: owner, type: .nsec3, ttl: 600, rdatas: [rdata]))
    }

    /// RFC 4034 §4.1.2; the tests need types below 256 alone.
    static func bitmap(_ types: [RecordType]) -> [UInt8] {
        guard let highest = types.map(\.rawValue).max() else { return [] }
        var octets = [UInt8](repeating: 0, count: Int(highest) / 8 + 1)
        for type in types { octets[Int(type.rawValue) / 8] |= 0x80 >> UInt8(type.rawValue % 8) }
        return [0, UInt8(octets.count)] + octets
    }
}

extension [UInt8] {
    /// The number that the octets are, a step further.
    fileprivate func moved(by step: Int) -> [UInt8] {
        var octets = self
        for index in octets.indices.reversed() {
            let sum = Int(octets[index]) + step
            octets[index] = UInt8(truncatingIfNeeded: sum)
            if (0...255).contains(sum) { break }
        }
        return octets
    }
}
