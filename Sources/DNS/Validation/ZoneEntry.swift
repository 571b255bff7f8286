// SPDX-License-Identifier: Apache-2.0

import Observations

/// What the parent, or the anchor, says of a zone's keys.
struct Trust {
    var signers: [DS]
    var keys: [DNSKEY]
}

/// The step into a zone (RFC 4035 §5.2): a key that the parent vouches for must have signed the DNSKEY RRset; then all
/// keys in it are the zone's.
extension Session {
    /// Enters `name` by the trust that stands above it; a zone without any supported key counts as unsigned.
    func enter(
        _ name: DomainName, _ trust: Trust, ttl: UInt32, sha1Only: Bool, path: [ProofStep], until: Timestamp?
    ) async throws(Interruption) -> Territory {
        guard trust.signers.count <= effort.limits.delegationSigners else {
            throw .limit("zone \(name) has more than \(effort.limits.delegationSigners) DS records")
        }
        let usable = usable(trust)
        guard !usable.signers.isEmpty || !usable.keys.isEmpty else {
            let finding = unsupported(name, trust, isAnchor: path.isEmpty)
            let step = ProofStep(zone: name, security: .insecure, note: finding.reason ?? "unsupported")
            let territory = Territory.other(finding, path: path + [step])
            return keep(territory, at: name, ttl: ttl, until: until)
        }
        let message = try await ask(name, .dnskey)
        if let cached = validator.territories.value(for: name, at: now) { return cached.value }
        func failed(_ finding: Finding) -> Territory {
            let step = ProofStep(zone: name, security: .bogus, note: finding.reason ?? "keys do not validate")
            return .other(finding, path: path + [step])
        }
        guard let rrset = message.answer.first(name, .dnskey) else {
            let who = path.isEmpty ? "a trust anchor" : "DS records at its parent"
            return failed(.bogus("the zone \(name) has \(who) but no DNSKEY records", .keyMissing))
        }
        guard rrset.rdatas.count <= effort.limits.keys else {
            throw .limit("zone \(name) has more than \(effort.limits.keys) DNSKEY records")
        }
        let keys = rrset.keys
        let entryKeys: [DNSKEY]
        switch matching(keys, usable, name, isAnchor: path.isEmpty) {
        case .failure(let finding): return failed(finding)
        case .success(let found): entryKeys = found
        }
        // One object for each key, so that what is made of it for its own signature serves for the zone's others.
        let zoneKeys = keys.map(ZoneKey.init)
        let check = SignatureCheck(
            zone: name, keys: entryKeys.compactMap { key in zoneKeys.first { $0.record == key } },
            policy: validator.policy, now: now, effort: effort)
        switch try check.verify(rrset) {
        case .failure(let finding):
            return failed(finding)
        case .success(let verified):
            let step = ProofStep(
                zone: name, security: .secure, keyTag: verified.key.keyTag, algorithm: verified.key.algorithm,
                note: path.isEmpty ? "trust anchor" : "DS and DNSKEY")
            let end = now.adding(seconds: Int64(min(ttl, verified.ttl, 86_400)))
            let zone = Zone(
                name: name, keys: zoneKeys.filter { $0.record.unfitness == nil },
                unfit: keys.filter { $0.unfitness != nil }, sha1Only: sha1Only || verified.sha1Only,
                path: path + [step],
                expires: until.map { min($0, end) } ?? end)
            return keep(.secure(zone), at: name, ttl: min(ttl, verified.ttl), until: until)
        }
    }

    /// What can be followed here. SHA-1 digests do not count beside better ones (RFC 4509 §3).
    private func usable(_ trust: Trust) -> Trust {
        let policy = validator.policy
        let signers = trust.signers.filter {
            Digest(type: $0.digestType) != nil && SigningAlgorithm(number: $0.algorithm, policy: policy) != nil
        }
        let better = signers.filter { $0.digestType != 1 }
        return Trust(
            signers: better.isEmpty ? signers : better,
            keys: trust.keys.filter { SigningAlgorithm(number: $0.algorithm, policy: policy) != nil })
    }

    /// RFC 4035 §5.2, RFC 6840 §5.2: unknown algorithms and digests make a zone insecure, not bogus.
    private func unsupported(_ name: DomainName, _ trust: Trust, isAnchor: Bool) -> Finding {
        let policy = validator.policy
        let known = trust.signers.filter { SigningAlgorithm(number: $0.algorithm, policy: policy) != nil }
        if let first = known.first {
            let what = isAnchor ? "trust anchors" : "DS records"
            return .insecure(
                "the zone \(name) has \(what) of digest type \(first.digestType) only, which is not supported",
                code: Finding.EDE.unsupportedDigest.rawValue)
        }
        let number = trust.signers.first?.algorithm ?? trust.keys.first?.algorithm ?? 0
        let what = isAnchor ? "has trust anchors of" : "is signed with"
        return .insecure(
            "the zone \(name) \(what) algorithm \(number) only, which is not supported",
            code: Finding.EDE.unsupportedAlgorithm.rawValue)
    }

    /// The keys of the set that the trust names: by digest, or because they are the anchor itself.
    private func matching(
        _ keys: [DNSKEY], _ trust: Trust, _ name: DomainName, isAnchor: Bool
    ) -> Result<[DNSKEY], Finding> {
        let naming = isAnchor ? "trust anchor" : "DS records at its parent"
        var found: [DNSKEY] = []
        var failure: Finding?
        for key in keys where !found.contains(key) {
            if trust.keys.contains(key) {
                found.append(key)
                continue
            }
            let named = trust.signers.filter { $0.keyTag == key.keyTag && $0.algorithm == key.algorithm }
            guard !named.isEmpty else { continue }
            if let (why, code) = key.unfitness {
                failure = .bogus("key \(key.keyTag) of the zone \(name), named by the \(naming), \(why)", code)
                continue
            }
            if named.contains(where: { matches($0, key, name) }) { found.append(key) }
        }
        guard found.isEmpty else { return .success(found) }
        return .failure(failure ?? .bogus("no key of the zone \(name) matches the \(naming)", .keyMissing))
    }

    /// RFC 4034 §5.1.4: the digest is over the owner and the key's RDATA.
    private func matches(_ ds: DS, _ key: DNSKEY, _ name: DomainName) -> Bool {
        effort.chargeDigest()
        return ds.matches(key, of: name)
    }
}

extension DS {
    /// Whether this is a digest of the key (RFC 4034 §5.1.4); false where the digest type is not supported.
    func matches(_ key: DNSKEY, of zone: DomainName) -> Bool {
        keyTag == key.keyTag && algorithm == key.algorithm
            && Digest(type: digestType)?.hash(zone.wire + key.rdata) == digest
    }
}
