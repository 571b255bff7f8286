// SPDX-License-Identifier: Apache-2.0

import Observations

/// Verifies one RRset with the keys of one zone (RFC 4035 §5.3).
struct SignatureCheck {
    let zone: DomainName
    let keys: [ZoneKey]
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
            let candidates = keys.filter {
                $0.record.keyTag == signature.keyTag && $0.record.algorithm == signature.algorithm
            }
            guard !candidates.isEmpty, let form else {
                failure = .bogus(
                    "\(what) is signed with key \(signature.keyTag), which the zone \(zone) does not have", .keyMissing)
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
        // These are never the fruit of a wildcard; a replayed NSEC would deny names that it knows nothing of.
        if signature.labels < rrset.owner.signedLabelCount,
            [.nsec, .nsec3, .ds, .dnskey, .dname, .soa].contains(rrset.type)
        {
            return .bogus("\(what) was expanded from a wildcard")
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
