// SPDX-License-Identifier: Apache-2.0

import CLDNS
import Observations
import Testing

@testable import DNS

@Suite("Signing algorithms")
struct SigningAlgorithmTests {
    /// A key of ldns' making, and a signature by OpenSSL over what we say is to be signed.
    private final class Signer {
        let keyRData: [UInt8]
        private let made: UnsafeMutablePointer<ldns_key>
        private let key: OpaquePointer
        private let digest: OpaquePointer?
        private let half: Int?

        init?(_ algorithm: UInt8, bits: UInt16) {
            let number = ldns_signing_algorithm(rawValue: UInt32(algorithm))
            guard let made = ldns_key_new_frm_algorithm(number, bits) else { return nil }
            ldns_key_set_pubkey_owner(made, ldns_dname_new_frm_str("odd.test"))
            ldns_key_set_flags(made, 257)
            guard let record = ldns_key2rr(made), let key = ldns_key_evp_key(made) else { return nil }
            defer { ldns_rr_free(record) }
            self.made = made
            var wire: UnsafeMutablePointer<UInt8>?
            var size = 0
            ldns_rr2wire(&wire, record, Int32(LDNS_SECTION_ANSWER.rawValue), &size)
            keyRData = Array(UnsafeBufferPointer(start: wire, count: size).dropFirst(20))
            free(wire)
            self.key = key
            switch algorithm {
            case 5, 7: digest = EVP_sha1()
            case 8, 13: digest = EVP_sha256()
            case 10: digest = EVP_sha512()
            case 14: digest = EVP_sha384()
            default: digest = nil
            }
            half = [13: 32, 14: 48][algorithm]
        }

        deinit {
            ldns_key_deep_free(made)
        }

        func sign(_ octets: [UInt8]) -> [UInt8] {
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            var count = 1_024
            var signature = [UInt8](repeating: 0, count: count)
            EVP_DigestSignInit(context, nil, digest, nil, key)
            EVP_DigestSign(context, &signature, &count, octets, octets.count)
            guard let half else { return Array(signature[..<count]) }
            // DER: a sequence of two integers, each with its length.
            let first = Array(signature[4..<(4 + Int(signature[3]))])
            let second = Array(signature[(4 + first.count + 2)..<count])
            return [first, second].flatMap { [UInt8](repeating: 0, count: max(0, half - $0.count)) + $0.suffix(half) }
        }
    }

    private func zoneKey(_ rdata: [UInt8]) -> ZoneKey? { DNSKEY(rdata: rdata).map(ZoneKey.init) }

    private func check(_ key: ZoneKey, _ signature: [UInt8], _ octets: [UInt8]) throws -> Bool {
        try key.verifies(signature, over: octets, remember: false) { () throws(Interruption) in }
    }

    @Test(arguments: [
        (UInt8(5), UInt16(1_024)), (7, 1_024), (8, 2_048), (10, 2_048), (13, 0), (14, 0), (15, 0), (16, 0),
    ])
    func goodSignaturesVerifyAndOthersDoNot(algorithm: UInt8, bits: UInt16) throws {
        let signer = try #require(Signer(algorithm, bits: bits))
        let key = try #require(zoneKey(signer.keyRData))
        #expect(key.record.algorithm == algorithm)
        // Often enough that leading zeros turn up in ECDSA's numbers.
        for index in 0..<(algorithm == 13 ? 300 : 5) {
            let octets = [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 100 + index)
            let signature = signer.sign(octets)
            #expect(try check(key, signature, octets))
            #expect(try !check(key, signature, octets + [0]))
            #expect(try !check(key, signature.dropLast(), octets))
            #expect(try !check(key, signature + [0], octets))
            var altered = signature
            altered[index % altered.count] ^= 1
            #expect(try !check(key, altered, octets))
        }
        #expect(try !check(key, [], []))
    }

    @Test(arguments: [UInt8](0...255))
    func brokenKeysVerifyNothing(algorithm: UInt8) throws {
        for octets in [
            [], [0], [0, 0, 0], [1, 1], [3, 1, 0, 1], [255], [UInt8](repeating: 0, count: 64),
            [UInt8](repeating: 255, count: 57), [0, 255, 255] + [UInt8](repeating: 7, count: 2_000),
        ] {
            let key = try #require(zoneKey([1, 1, 3, algorithm] + octets))
            #expect(try !check(key, [UInt8](repeating: 1, count: 64), [1, 2, 3]))
        }
    }

    /// RFC 9905: under the stricter policy zones with nothing but SHA-1 count as unsigned; else they are flagged.
    @Test(arguments: [SHA1Policy.validate, .insecure])
    func sha1IsFlaggedOrInsecure(policy: SHA1Policy) async throws {
        let world = TestWorld()
        world.sha1 = policy
        let signer = try #require(Signer(7, bits: 1_024))
        let key = try #require(DNSKEY(rdata: signer.keyRData))
        let zone = name("odd.test")
        let digest = Digest.sha256.hash(zone.wire + signer.keyRData)
        let ds = [UInt8(key.keyTag >> 8), UInt8(key.keyTag & 0xFF), 7, 2] + digest
        world.answer(
            zone, .ds, [world.test.sign(RRset(owner: zone, type: .ds, ttl: 60, rdatas: [ds]))])
        func sign(_ rrset: RRset) throws -> RRset {
            let blank = TestZone("odd.test").sign(rrset, keyTag: key.keyTag, algorithm: 7).signatures[0]
            let octets = CanonicalForm(rrset).octets(for: blank)
            let rdata = octets.prefix(18 + zone.wire.count) + signer.sign(octets)
            var signed = rrset
            signed.signatures = [try #require(RRSIG(rdata: Array(rdata), ttl: rrset.ttl))]
            return signed
        }
        world.answer(zone, .dnskey, [try sign(RRset(owner: zone, type: .dnskey, ttl: 60, rdatas: [signer.keyRData]))])
        let rrset = RRset(owner: name("www.odd.test"), type: .a, ttl: 60, rdatas: [[192, 0, 2, 1]])
        let answer = await world.judge("www.odd.test", answer: [try sign(rrset)])
        #expect(answer.status.security == (policy == .validate ? .secure : .insecure))
        #expect(answer.status.sha1Only == (policy == .validate))
        let other = await world.judge("www.signed.test", answer: [world.signed.a("www.signed.test")])
        #expect(!other.status.sha1Only)
    }
}
