// SPDX-License-Identifier: Apache-2.0

import Observations

/// Proofs with NSEC3 (RFC 5155 §8). Each returns nil where the records at hand do not show it.
///
/// Nearly all of them begin with the closest encloser: the longest existing ancestor, whose hash matches a record, and the
/// "next closer" name, one label longer, whose hash lies in a gap (§8.3). A gap with opt-out may hide unsigned
/// delegations, so that what rests on it is insecure (§9.2, RFC 4035 §4.3).
struct NSEC3Proof {
    /// A verified record, with the gap between its own hash and the next.
    struct Entry {
        let gap: NSEC3Gap
        let record: NSEC3
        let ttl: UInt32
    }

    private let zone: DomainName
    private var hashes: NSEC3Hashes
    private(set) var entries: [Entry] = []

    init(zone: DomainName, effort: Effort) {
        self.zone = zone
        hashes = NSEC3Hashes(effort)
    }

    /// RFC 5155 §§8.1, 8.2: unknown hash algorithms and flags are left out.
    mutating func add(_ rrset: RRset, ttl: UInt32) {
        guard rrset.owner.parent == zone, let label = rrset.owner.labels.first,
            let start = Base32Hex.decode(label).flatMap(NSEC3Hash.init)
        else { return }
        for record in rrset.nsec3 where record.hashAlgorithm == 1 && !record.hasUnknownFlags {
            guard let end = NSEC3Hash(record.nextHash) else { continue }
            entries.append(Entry(gap: NSEC3Gap(start: start, end: end), record: record, ttl: ttl))
        }
    }

    /// §§8.5-8.7.
    mutating func nodata(_ name: DomainName, _ type: RecordType) throws(Interruption) -> ProofResult? {
        if let match = try match(name) {
            return match.record.types.denies(type, isRoot: name.isRoot) ? .proven(match.ttl) : nil
        }
        guard let proof = try closestEncloser(name) else { return nil }
        if let wildcard = proof.encloser.wildcardBelow, let match = try match(wildcard) {
            guard match.record.types.denies(type, isRoot: false) else { return nil }
            return proof.result(zone, and: match.ttl)
        }
        // Without opt-out a missing name has no NODATA, only NXDOMAIN; with it, it may be an unsigned delegation.
        return proof.isOptOut ? proof.result(zone, and: .max) : nil
    }

    /// §8.4.
    mutating func nameError(_ name: DomainName) throws(Interruption) -> ProofResult? {
        guard let proof = try closestEncloser(name), let wildcard = proof.encloser.wildcardBelow,
            let none = try cover(wildcard)
        else { return nil }
        return proof.result(zone, and: none.ttl)
    }

    /// §8.8.
    mutating func wildcardAnswer(_ name: DomainName, parent: DomainName) throws(Interruption) -> ProofResult? {
        guard name.isBelow(parent), let cover = try cover(name.suffix(labels: parent.labelCount + 1)) else {
            return nil
        }
        return Closest(encloser: parent, isOptOut: cover.record.optOut, ttl: cover.ttl).result(zone, and: .max)
    }

    /// §8.6, §8.9.
    mutating func delegation(_ name: DomainName) throws(Interruption) -> DelegationProof? {
        if let match = try match(name) { return match.record.types.delegation(name, zone, ttl: match.ttl) }
        guard let proof = try closestEncloser(name) else { return nil }
        guard proof.isOptOut else { return .notACut(proof.ttl) }
        return .unsigned(Self.noSigner(name, zone), proof.ttl)
    }

    static func noSigner(_ name: DomainName, _ zone: DomainName) -> Finding {
        var finding = Finding.insecure("the zone \(zone) proves that \(name) has no DS record, by opt-out")
        finding.isByOptOut = true
        return finding
    }

    private struct Closest {
        var encloser: DomainName
        var isOptOut: Bool
        var ttl: UInt32

        func result(_ zone: DomainName, and ttl: UInt32) -> ProofResult {
            let ttl = min(ttl, self.ttl)
            guard isOptOut else { return .proven(ttl) }
            return .insecure(.insecure("the proof of the zone \(zone) rests on NSEC3 opt-out"), ttl)
        }
    }

    /// §8.3. Nil where the name itself exists, or where the encloser is a delegation or a DNAME (RFC 6840 §4.1).
    private mutating func closestEncloser(_ name: DomainName) throws(Interruption) -> Closest? {
        var nextCloser = name
        while nextCloser != zone, let encloser = nextCloser.parent, encloser.isEqualOrBelow(zone) {
            if let match = try match(encloser) {
                guard !match.record.types.endsAuthority, let cover = try cover(nextCloser) else { return nil }
                return Closest(
                    encloser: encloser, isOptOut: cover.record.optOut, ttl: min(match.ttl, cover.ttl))
            }
            nextCloser = encloser
        }
        return nil
    }

    private mutating func match(_ name: DomainName) throws(Interruption) -> Entry? {
        for entry in entries where try hash(name, for: entry) == entry.gap.start { return entry }
        return nil
    }

    private mutating func cover(_ name: DomainName) throws(Interruption) -> Entry? {
        for entry in entries where entry.gap.holds(try hash(name, for: entry)) { return entry }
        return nil
    }

    private mutating func hash(_ name: DomainName, for entry: Entry) throws(Interruption) -> NSEC3Hash {
        try hashes.hash(name, iterations: entry.record.iterations, salt: entry.record.salt)
    }
}
