// SPDX-License-Identifier: Apache-2.0

import Observations

/// Verifies one RRset with the keys of one zone (RFC 4035 §5.3).
struct SignatureCheck {
    let zone: DomainName
    let keys: [ZoneKey]
    /// Keys of the zone that may sign nothing, which a signature can name all the same.
    var unfit: [DNSKEY] = []
    let policy: SHA1Policy
    let now: Timestamp
    let effort: Effort

    /// The first good signature decides (RFC 6840 §5.11: one is enough); those over SHA-1 are tried last, so that an
    /// RRset counts as SHA-1 only where nothing else speaks for it. Throws a `Finding` inside the result where none is good.
    func verify(_ rrset: RRset) throws(Interruption) -> Result<VerifiedRRset, Finding> {
        // Sentences are made where something fails: there are few such places and many signatures.
        var what: String { "\(rrset.owner) \(rrset.type)" }
        guard rrset.rdatas.count <= effort.limits.recordsPerRRset else {
            throw .limit("\(what) has more than \(effort.limits.recordsPerRRset) records")
        }
        var failure: Finding?
        var usable: [(signature: RRSIG, algorithm: SigningAlgorithm)] = []
        for signature in rrset.signatures where signature.signer == zone {
            guard let algorithm = SigningAlgorithm(number: signature.algorithm, policy: policy) else {
                failure = .bogus("\(what) is signed with algorithm \(signature.algorithm) only, which is not supported")
                continue
            }
            if let finding = formalError(signature, rrset) {
                failure = finding
            } else {
                usable.append((signature, algorithm))
            }
        }
        let form = usable.isEmpty ? nil : CanonicalForm(rrset)
        var tries = 0
        let ordered = usable.filter { !$0.algorithm.usesSHA1 } + usable.filter { $0.algorithm.usesSHA1 }
        for (signature, algorithm) in ordered {
            let candidates = keys.filter { $0.record.isNamed(by: signature) }
            guard !candidates.isEmpty, let form else {
                let key = "key \(signature.keyTag) of algorithm \(signature.algorithm)"
                if let (why, code) = unfit.first(where: { $0.isNamed(by: signature) })?.unfitness {
                    failure = .bogus("\(what) is signed with \(key), which \(why)", code)
                } else {
                    failure = .bogus("\(what) is signed with \(key), which the zone \(zone) does not have", .keyMissing)
                }
                continue
            }
            // Not even tried: else the order of the keys, which resolvers turn round, would decide.
            guard candidates.count <= effort.limits.keysPerTag else {
                throw .limit(
                    "zone \(zone) has more than \(effort.limits.keysPerTag) keys with the tag \(signature.keyTag)")
            }
            let octets = form.octets(for: signature)
            for key in candidates {
                guard tries < effort.limits.signaturesPerRRset else {
                    throw .limit("\(what) has too many signatures")
                }
                tries += 1
                let isGood = try key.verifies(signature.signature, over: octets, remember: rrset.isDenial) {
                    () throws(Interruption) in try effort.chargeSignature()
                }
                if isGood {
                    return .success(success(rrset, signature, algorithm, key.record))
                }
            }
            failure = .bogus("the signature over \(what) by key \(signature.keyTag) of the zone \(zone) is wrong")
        }
        return .failure(failure ?? .bogus("\(what) has no signature of the zone \(zone)", .signaturesMissing))
    }

    /// RFC 4035 §5.3.1: everything about a signature that can be wrong before any cryptography.
    private func formalError(_ signature: RRSIG, _ rrset: RRset) -> Finding? {
        var what: String { "\(rrset.owner) \(rrset.type)" }
        guard rrset.owner.isEqualOrBelow(zone) else {
            return .bogus("\(what) lies outside of the zone \(zone) that signs it")
        }
        guard signature.labels <= rrset.owner.signedLabelCount, signature.labels >= zone.labelCount else {
            return .bogus("the signature over \(what) counts \(signature.labels) labels")
        }
        // These are never the fruit of a wildcard. NSEC and DNAME can be, as data: nothing follows from them then.
        if signature.labels < rrset.owner.signedLabelCount, [.nsec3, .ds, .dnskey, .soa].contains(rrset.type) {
            return .expanded(rrset)
        }
        var by: String { "the signature over \(what) by key \(signature.keyTag) of the zone \(zone)" }
        // RFC 4034 §3.1.5: serial number arithmetic (RFC 1982).
        let clock = UInt32(truncatingIfNeeded: now.seconds)
        if signature.expiration.isBefore(signature.inception) {
            return .bogus("\(by) expires before it begins", .expiredBeforeValid)
        }
        if signature.expiration.isBefore(clock) {
            return .bogus("\(by) expired at \(signature.expiration.moment(near: now))", .signatureExpired)
        }
        if clock.isBefore(signature.inception) {
            return .bogus("\(by) is not valid before \(signature.inception.moment(near: now))", .signatureNotYetValid)
        }
        return nil
    }

    private func success(
        _ rrset: RRset, _ signature: RRSIG, _ algorithm: SigningAlgorithm, _ key: DNSKEY
    ) -> VerifiedRRset {
        let remaining = signature.expiration &- UInt32(truncatingIfNeeded: now.seconds)
        let isExpanded = signature.labels < rrset.owner.signedLabelCount
        return VerifiedRRset(
            ttl: min(rrset.ttl, signature.ttl, signature.originalTTL, remaining), sha1Only: algorithm.usesSHA1,
            key: key, wildcardParent: isExpanded ? rrset.owner.suffix(labels: signature.labels) : nil)
    }
}

extension Finding {
    /// A record that cannot be the fruit of a wildcard, or from which nothing follows as such (RFC 4035 §5.3.4).
    static func expanded(_ rrset: RRset) -> Finding {
        .bogus("\(rrset.owner) \(rrset.type) was expanded from a wildcard")
    }
}

extension DNSKEY {
    fileprivate func isNamed(by signature: RRSIG) -> Bool {
        keyTag == signature.keyTag && algorithm == signature.algorithm
    }

    /// Why the key signs nothing in its zone, and the code for it; nil where it may.
    var unfitness: (why: String, code: Finding.EDE)? {
        if isRevoked { return ("is revoked", .keyMissing) }
        if protocolNumber != 3 {
            return ("has protocol \(protocolNumber), not 3 (RFC 4034 section 2.1.2)", .keyMissing)
        }
        return isZoneKey ? nil : ("lacks the zone-key bit", .noZoneKeyBit)
    }
}

extension UInt32 {
    /// RFC 1982 §3.2.
    fileprivate func isBefore(_ other: UInt32) -> Bool {
        self != other && other &- self < 0x8000_0000
    }

    /// The moment nearest to `now` that has this serial number.
    fileprivate func moment(near now: Timestamp) -> Timestamp {
        now.adding(seconds: Int64(Int32(truncatingIfNeeded: Int64(self) - now.seconds)))
    }
}
