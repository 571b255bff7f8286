// SPDX-License-Identifier: Apache-2.0

import Observations

/// One part of an answer, judged: an RRset, or a proof of absence.
struct JudgedPart {
    var finding: Finding
    var ttl: UInt32
    var sha1Only = false
    var path: [ProofStep] = []
    /// Whether a wildcard stands behind the record.
    var isExpanded = false
}

/// Positive answers (RFC 4035 §5.3).
extension Session {
    /// Judges one RRset of a response; the authority section may hold the proof that a wildcard could be expanded.
    func judge(_ rrset: RRset, in message: Message) async throws(Interruption) -> JudgedPart {
        let home = home(of: rrset.owner, rrset.type)
        var failure: JudgedPart?
        for signer in signers(of: [rrset], above: home) {
            switch try await territory(at: signer) {
            case .secure(let zone) where zone.name == signer:
                let part = try judge(rrset, in: message, by: zone)
                if part.finding.weakness < Finding.bogus("").weakness { return part }
                failure = failure ?? part
            case .secure:
                continue
            case .other(let finding, let path):
                return JudgedPart(finding: finding, ttl: rrset.ttl, path: path)
            }
        }
        if let failure { return await unsignedPart(at: home, ttl: rrset.ttl) ?? failure }
        switch try await territory(at: home) {
        case .secure(let zone):
            let what = "\(rrset.owner) \(rrset.type)"
            let finding =
                rrset.signatures.isEmpty
                ? Finding.bogus("\(what) is not signed, though the zone \(zone.name) is", .signaturesMissing)
                : Finding.bogus("\(what) has no signature of the zone \(zone.name)", .signaturesMissing)
            return JudgedPart(finding: finding, ttl: 0, path: zone.path)
        case .other(let finding, let path):
            return JudgedPart(finding: finding, ttl: rrset.ttl, path: path)
        }
    }

    /// What a zone above has signed and failed to prove counts for nothing where a name lies in an unsigned zone, which
    /// needs no proof (RFC 4035 §5.2, RFC 6840 §4.1). Nil where that is not shown; an opt-out gap does not show it, for the
    /// zone that has the gap has signed what failed.
    func unsignedPart(at home: DomainName, ttl: UInt32) async -> JudgedPart? {
        guard case .other(let finding, let path)? = try? await territory(at: home), finding.security == .insecure,
            !finding.isByOptOut
        else { return nil }
        return JudgedPart(finding: finding, ttl: ttl, path: path)
    }

    private func judge(_ rrset: RRset, in message: Message, by zone: Zone) throws(Interruption) -> JudgedPart {
        switch try verify(rrset, in: zone) {
        case .failure(let finding):
            return JudgedPart(finding: finding, ttl: 0, path: zone.path)
        case .success(let verified):
            var part = JudgedPart(
                finding: .secure, ttl: verified.ttl, sha1Only: zone.sha1Only || verified.sha1Only, path: zone.path)
            if let parent = verified.wildcardParent {
                part.isExpanded = true
                var proof = DenialProof(message, zone: zone, session: self)
                let result = try proof.wildcardAnswer(rrset.owner, parent: parent)
                part.finding = result.finding
                part.ttl = min(part.ttl, result.ttl)
            }
            return part
        }
    }

    /// The name whose zone a record belongs to: DS stands on the parent's side of a cut (RFC 4035 §3.1.4.1).
    func home(of name: DomainName, _ type: RecordType) -> DomainName {
        type == .ds ? name.parent ?? name : name
    }

    /// The zones that claim to have signed, the closest first: each must stand at or above `home`, and not above the
    /// closest trust anchor. More than a few are never honest.
    func signers(of rrsets: [RRset], above home: DomainName) -> [DomainName] {
        var found: [DomainName] = []
        for signer in rrsets.flatMap(\.signatures).map(\.signer)
        where !found.contains(signer) && home.isEqualOrBelow(signer) { found.append(signer) }
        guard !found.isEmpty else { return [] }
        var anchor: DomainName? = home
        while let place = anchor, validator.anchors[place] == nil { anchor = place.parent }
        guard let anchor else { return [] }
        found = found.filter { $0.isEqualOrBelow(anchor) }
        return Array(found.sorted { $0.labelCount > $1.labelCount }.prefix(3))
    }
}
