// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Signatures, digests and hashes of other validators")
struct PrimitiveVectorTests {
    private struct SignatureVector: Decodable {
        let id: String
        let time: Int64
        let keys: [String]
        let rrset: [String]
        let rrsigs: [String]
        let algorithms: [UInt8]
        let expect: String
    }

    @Test func signatures() throws {
        var right = 0
        let cases = try VectorFiles.cases("signatures", of: SignatureVector.self)
        for vector in cases {
            let keys = try vector.keys.map(PresentationRecord.init)
            let rrset = try PresentationRecord.rrset(vector.rrset, signatures: vector.rrsigs)
            let check = SignatureCheck(
                zone: keys.first?.owner ?? .root, keys: keys.compactMap { DNSKEY(rdata: $0.rdata) }.map(ZoneKey.init),
                policy: .validate, now: Timestamp(seconds: vector.time), effort: Effort(ValidationLimits()))
            let isGood = if case .success = try check.verify(rrset) { true } else { false }
            // DSA is refused here, however good the signature: its zones are insecure (RFC 8624 §3.1).
            let refused = vector.algorithms.allSatisfy { SigningAlgorithm(rawValue: $0) == nil }
            if refused { print("\(vector.id): algorithms \(vector.algorithms) are refused") }
            let expected = vector.expect == "secure" && !refused
            #expect(isGood == expected, "\(vector.id)")
            if isGood == expected { right += 1 }
        }
        if !cases.isEmpty { print("signatures: \(right) of \(cases.count) right") }
    }

    private struct DSVector: Decodable {
        let id: String
        let ds: [String]
        let dnskey: [String]
        let match: Bool
    }

    @Test func digests() throws {
        let cases = try VectorFiles.cases("ds", of: DSVector.self)
        for vector in cases {
            let signers = try vector.ds.map(PresentationRecord.init)
            let keys = try vector.dnskey.map(PresentationRecord.init)
            let isMatch = signers.contains { signer in
                keys.contains { key in
                    guard let ds = DS(rdata: signer.rdata), let dnskey = DNSKEY(rdata: key.rdata) else { return false }
                    return ds.matches(dnskey, of: key.owner)
                }
            }
            let supported = signers.contains { DS(rdata: $0.rdata).flatMap { Digest(type: $0.digestType) } != nil }
            if !supported { print("\(vector.id): the digest type is not supported") }
            #expect(isMatch == (vector.match && supported), "\(vector.id)")
        }
        if !cases.isEmpty { print("ds: \(cases.count) cases") }
    }

    private struct HashVector: Decodable {
        let name: String
        let algorithm: Int
        let salt: String
        let iterations: Int
        let hash: String
    }

    @Test func nsec3Hashes() throws {
        let cases = try VectorFiles.cases("nsec3hash", of: HashVector.self)
        for vector in cases {
            let salt = try #require(PresentationFormat.hexadecimal(vector.salt == "-" ? "" : vector.salt))
            let hash = NSEC3Hashes.hash(try DomainName(vector.name), iterations: vector.iterations, salt: salt)
            #expect(Base32Hex.encode(hash) == vector.hash.lowercased(), "\(vector.name)")
            #expect(Base32Hex.decode(vector.hash.utf8) == hash, "\(vector.name)")
        }
        if !cases.isEmpty { print("nsec3hash: \(cases.count) cases") }
    }
}
