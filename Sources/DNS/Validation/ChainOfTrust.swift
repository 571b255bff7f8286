// SPDX-License-Identifier: Apache-2.0

import Observations

/// The way from a trust anchor down to a name (RFC 4035 §§4.2, 5.2): at each label the parent is asked for DS. It
/// answers with one, with the proof that the delegation is unsigned, or with the proof that there is no delegation.
extension Session {
    /// What lies at `name`: the closest name above that is known already, then down label by label.
    func territory(at name: DomainName) async throws(Interruption) -> Territory {
        var below: [DomainName] = []
        var place = name
        var known: Territory?
        while true {
            if let cached = validator.territories.value(for: place, at: now) {
                known = cached.value
                break
            }
            if let anchors = validator.anchors[place] {
                known = try await anchored(place, anchors)
                break
            }
            below.append(place)
            guard let parent = place.parent else { break }
            place = parent
        }
        guard var current = known else {
            // RFC 4033 §5 calls this indeterminate; to everybody who asks it means that no signature is expected.
            let reason = "no trust anchor stands above \(name)"
            return .other(.insecure(reason, code: Finding.EDE.indeterminate.rawValue), path: [])
        }
        while let next = below.popLast() {
            guard case .secure(let zone) = current else { return current }
            current = try await delegation(at: next, in: zone)
        }
        return current
    }

    /// What lies at `name`, seen from the zone above it.
    private func delegation(at name: DomainName, in zone: Zone) async throws(Interruption) -> Territory {
        if let known = try knownUnsigned(name, in: zone) { return known }
        let message = try await ask(name, .ds)
        // Somebody else may have come here while this one waited.
        if let cached = validator.territories.value(for: name, at: now) { return cached.value }
        if let rrset = message.answer.first(name, .ds) {
            return try await signedDelegation(rrset, rcode: message.rcode, at: name, in: zone)
        }
        if let finding = try aliasProof(message, at: name, in: zone) {
            return finding.security == .secure ? .secure(zone) : .other(finding, path: zone.path)
        }
        var proof = DenialProof(message, zone: zone, session: self)
        switch try proof.delegation(name) {
        case .notACut(let ttl):
            return keep(.secure(zone), at: name, ttl: ttl, until: zone.expires)
        case .unsigned(let finding, let ttl):
            let step = ProofStep(zone: name, security: .insecure, note: finding.reason ?? "unsigned delegation")
            return keep(.other(finding, path: zone.path + [step]), at: name, ttl: ttl, until: zone.expires)
        case .failed(let finding):
            let step = ProofStep(zone: name, security: finding.security, note: finding.reason ?? "no proof")
            return .other(finding, path: zone.path + [step])
        }
    }

    /// The encloser of a name directly below the apex is the apex; a verified opt-out gap is all that is missing.
    private func knownUnsigned(_ name: DomainName, in zone: Zone) throws(Interruption) -> Territory? {
        guard name.parent == zone.name else { return nil }
        var hashes = NSEC3Hashes(effort)
        guard let ttl = try validator.optOut.holds(name, below: zone.name, at: now, &hashes) else { return nil }
        let finding = NSEC3Proof.noSigner(name, zone.name)
        let step = ProofStep(zone: name, security: .insecure, note: finding.reason ?? "unsigned delegation")
        return keep(.other(finding, path: zone.path + [step]), at: name, ttl: ttl, until: zone.expires)
    }

    private func signedDelegation(
        _ rrset: RRset, rcode: Int, at name: DomainName, in zone: Zone
    ) async throws(Interruption) -> Territory {
        switch try verify(rrset, in: zone) {
        case .failure(let finding):
            let step = ProofStep(zone: name, security: .bogus, note: finding.reason ?? "DS does not validate")
            return .other(finding, path: zone.path + [step])
        case .success where rcode == 3:
            let finding = Finding.bogus("NXDOMAIN in a response that has \(name) DS")
            return .other(finding, path: zone.path)
        case .success(let verified):
            return try await enter(
                name, Trust(signers: rrset.delegationSigners, keys: []), ttl: verified.ttl,
                sha1Only: zone.sha1Only || verified.sha1Only, path: zone.path, until: zone.expires)
        }
    }

    /// A CNAME at the name, or a DNAME above it, is no delegation (RFC 2181 §10.1, RFC 6672 §2.3). Nil where there is
    /// neither.
    private func aliasProof(_ message: Message, at name: DomainName, in zone: Zone) throws(Interruption) -> Finding? {
        let alias = message.answer.first { rrset in
            rrset.type == .dname && name.isBelow(rrset.owner) || rrset.type == .cname && rrset.owner == name
        }
        guard let alias else { return nil }
        switch try verify(alias, in: zone) {
        case .failure(let finding):
            return finding
        case .success(let verified):
            guard let parent = verified.wildcardParent else { return .secure }
            guard alias.type == .cname else { return .expanded(alias) }
            var proof = DenialProof(message, zone: zone, session: self)
            return try proof.wildcardAnswer(name, parent: parent).finding
        }
    }

    private func anchored(_ name: DomainName, _ anchors: [TrustAnchor]) async throws(Interruption) -> Territory {
        var trust = Trust(signers: [], keys: [])
        for anchor in anchors {
            switch anchor.form {
            case .ds(let ds): trust.signers.append(ds)
            case .dnskey(let key): trust.keys.append(key)
            }
        }
        return try await enter(name, trust, ttl: .max, sha1Only: false, path: [], until: nil)
    }

    /// Remembers what was proven, for a day at most and no longer than the chain above it holds.
    func keep(_ territory: Territory, at name: DomainName, ttl: UInt32, until: Timestamp?) -> Territory {
        let end = now.adding(seconds: Int64(min(ttl, 86_400)))
        validator.territories.insert(territory, for: name, expires: until.map { min($0, end) } ?? end)
        return territory
    }
}
