// SPDX-License-Identifier: Apache-2.0

import Observations

/// Proofs with NSEC (RFC 4035 §5.4, RFC 6840 §4). Each returns nil where the records at hand do not show it.
///
/// Three records look like proofs and are none: the parent's NSEC of a delegation says nothing but "no DS" about the
/// child; below a delegation or a DNAME the zone has no say; and one that lists CNAME says that the answer is elsewhere.
struct NSECProof {
    private let zone: DomainName
    private var entries: [(owner: DomainName, record: NSEC, ttl: UInt32)] = []

    init(zone: DomainName) {
        self.zone = zone
    }

    mutating func add(_ rrset: RRset, ttl: UInt32) {
        guard let record = rrset.nsec, record.next.isEqualOrBelow(zone) else { return }
        entries.append((rrset.owner, record, ttl))
    }

    func nodata(_ name: DomainName, _ type: RecordType) -> ProofResult? {
        if let match = match(name) {
            return match.record.types.denies(type, isRoot: name.isRoot) ? .proven(match.ttl) : nil
        }
        guard let cover = cover(name) else { return nil }
        // An empty non-terminal: something stands below it.
        if cover.record.next.isBelow(name) { return .proven(cover.ttl) }
        guard let wildcard = closestEncloser(name, cover).wildcardBelow else { return nil }
        if let match = match(wildcard) {
            return match.record.types.denies(type, isRoot: false) ? .proven(min(cover.ttl, match.ttl)) : nil
        }
        if let above = self.cover(wildcard), above.record.next.isBelow(wildcard) {
            return .proven(min(cover.ttl, above.ttl))
        }
        return nil
    }

    func nameError(_ name: DomainName) -> ProofResult? {
        guard let cover = cover(name), !cover.record.next.isBelow(name),
            let wildcard = closestEncloser(name, cover).wildcardBelow,
            let none = self.cover(wildcard), !none.record.next.isBelow(wildcard)
        else { return nil }
        return .proven(min(cover.ttl, none.ttl))
    }

    func wildcardAnswer(_ name: DomainName, parent: DomainName) -> ProofResult? {
        guard let cover = cover(name), !cover.record.next.isBelow(name), closestEncloser(name, cover) == parent else {
            return nil
        }
        return .proven(cover.ttl)
    }

    func delegation(_ name: DomainName) -> DelegationProof? {
        if let match = match(name) { return match.record.types.delegation(name, zone, ttl: match.ttl) }
        return cover(name).map { .notACut($0.ttl) }
    }

    private typealias Entry = (owner: DomainName, record: NSEC, ttl: UInt32)

    private func match(_ name: DomainName) -> Entry? {
        entries.first { $0.owner == name }
    }

    /// The record in whose gap the name lies.
    private func cover(_ name: DomainName) -> Entry? {
        guard name.isEqualOrBelow(zone) else { return nil }
        return entries.first { entry in
            guard entry.owner.canonicallyPrecedes(name) else { return false }
            // The last record of the zone leads back to the apex.
            guard name.canonicallyPrecedes(entry.record.next) || entry.record.next == zone else { return false }
            return !(name.isBelow(entry.owner) && entry.record.types.endsAuthority)
        }
    }

    /// The longest existing ancestor, as far as the gap shows it: an end of the gap stands below it too.
    private func closestEncloser(_ name: DomainName, _ cover: Entry) -> DomainName {
        let left = name.commonAncestor(cover.owner)
        let right = name.commonAncestor(cover.record.next)
        return left.labelCount > right.labelCount ? left : right
    }
}

extension TypeBitmap {
    /// A delegation seen from above, or a DNAME: what stands below is not this zone's (RFC 6840 §4.1).
    var endsAuthority: Bool { isDelegation || contains(.dname) }

    private var isDelegation: Bool { contains(.ns) && !contains(.soa) }

    /// Whether these types of a name show that it has none of `type` (RFC 6840 §§4.1, 4.3).
    func denies(_ type: RecordType, isRoot: Bool) -> Bool {
        guard !contains(type), !contains(.cname) else { return false }
        // DS belongs to the parent's side, everything else to the child's; the root has one side alone.
        return type == .ds ? isRoot || !contains(.soa) : !isDelegation
    }

    /// What they say of a zone cut at the name.
    func delegation(_ name: DomainName, _ zone: DomainName, ttl: UInt32) -> DelegationProof? {
        guard !contains(.ds), !contains(.soa) else { return nil }
        guard contains(.ns) else { return .notACut(ttl) }
        return .unsigned(.insecure("the zone \(zone) proves that \(name) has no DS record"), ttl)
    }
}
