// SPDX-License-Identifier: Apache-2.0

import Observations

/// What a proof of absence came to.
enum ProofResult {
    /// Shown, for so many seconds.
    case proven(UInt32)
    /// As much as the zone can show, which is not enough to be secure: opt-out, or too many iterations.
    case insecure(Finding, UInt32)
    /// Not shown.
    case failed(Finding)

    var finding: Finding {
        switch self {
        case .proven: .secure
        case .insecure(let finding, _), .failed(let finding): finding
        }
    }

    var ttl: UInt32 {
        switch self {
        case .proven(let ttl), .insecure(_, let ttl): ttl
        case .failed: 0
        }
    }
}

/// What the parent's side of a name says.
enum DelegationProof {
    /// No zone begins here.
    case notACut(UInt32)
    /// A zone begins here, or may, and its parent shows that it has no DS.
    case unsigned(Finding, UInt32)
    /// Not shown.
    case failed(Finding)
}

/// The NSEC and NSEC3 records of a response that one zone has signed, and what they prove (RFC 4035 §5.4, RFC 5155 §8,
/// RFC 6840 §4).
///
/// Both kinds follow the same plan, so that each proof is: a finding about signatures, then NSEC if there is any, then
/// NSEC3.
struct DenialProof {
    let zone: Zone
    private let session: Session
    private let rrsets: [RRset]
    private var records: DenialRecords?

    init(_ message: Message, zone: Zone, session: Session) {
        self.zone = zone
        self.session = session
        rrsets = message.authority.filter { rrset in
            rrset.isDenial && rrset.signatures.contains { $0.signer == zone.name }
        }
    }

    /// The types that `name` has do not include `type` (NODATA).
    mutating func nodata(_ name: DomainName, _ type: RecordType) throws(Interruption) -> ProofResult {
        try prove("\(name) has no \(type)") { (nsec) in
            nsec.nodata(name, type)
        } nsec3: { (nsec3) throws(Interruption) in
            try nsec3.nodata(name, type)
        }
    }

    /// As `nodata`, with NSEC alone: what is left to a response that says NXDOMAIN and is wrong about it. Servers that are
    /// know nothing of empty non-terminals, and are older than NSEC3.
    mutating func nodataInstead(_ name: DomainName, _ type: RecordType) throws(Interruption) -> ProofResult {
        try prove("\(name) has no \(type)") { (nsec) in
            nsec.nodata(name, type)
        } nsec3: { (_) throws(Interruption) in
            nil
        }
    }

    /// `name` does not exist, nor does a wildcard that would stand for it (NXDOMAIN).
    mutating func nameError(_ name: DomainName) throws(Interruption) -> ProofResult {
        try prove("\(name) does not exist") { (nsec) in
            nsec.nameError(name)
        } nsec3: { (nsec3) throws(Interruption) in
            try nsec3.nameError(name)
        }
    }

    /// Nothing between `name` and the wildcard below `parent` exists, so that the wildcard may stand for it.
    mutating func wildcardAnswer(_ name: DomainName, parent: DomainName) throws(Interruption) -> ProofResult {
        try prove("no name is closer to \(name) than the wildcard below \(parent)") { (nsec) in
            nsec.wildcardAnswer(name, parent: parent)
        } nsec3: { (nsec3) throws(Interruption) in
            try nsec3.wildcardAnswer(name, parent: parent)
        }
    }

    /// There is no DS at `name`.
    mutating func delegation(_ name: DomainName) throws(Interruption) -> DelegationProof {
        switch try verifiedRecords() {
        case .failure(let finding):
            return .failed(finding)
        case .success(var records):
            defer { self.records = records }
            if let result = records.nsec.delegation(name) { return result }
            if let high = tooManyIterations(records) { return .unsigned(high.finding, high.ttl) }
            for entry in records.nsec3.entries {
                session.validator.optOut.insert(entry, of: zone.name, at: session.now)
            }
            return try records.nsec3.delegation(name) ?? .failed(missing("\(name) has no DS"))
        }
    }

    private mutating func prove(
        _ what: @autoclosure () -> String, nsec: (NSECProof) -> ProofResult?,
        nsec3: (inout NSEC3Proof) throws(Interruption) -> ProofResult?
    ) throws(Interruption) -> ProofResult {
        switch try verifiedRecords() {
        case .failure(let finding):
            return .failed(finding)
        case .success(var records):
            defer { self.records = records }
            if let result = nsec(records.nsec) { return result }
            if let high = tooManyIterations(records) { return high }
            return try nsec3(&records.nsec3) ?? .failed(missing(what()))
        }
    }

    private func missing(_ what: String) -> Finding {
        .bogus("the zone \(zone.name) does not prove that \(what)", .denialMissing)
    }

    /// RFC 9276 §3.2: the records are signed, as was checked before, but to follow them costs too much.
    private func tooManyIterations(_ records: DenialRecords) -> ProofResult? {
        let limit = session.effort.limits.nsec3Iterations
        guard let high = records.nsec3.entries.first(where: { $0.record.iterations > limit }) else { return nil }
        let reason = "the zone \(zone.name) uses \(high.record.iterations) NSEC3 iterations, more than \(limit)"
        return .insecure(.insecure(reason, code: Finding.EDE.unsupportedIterations.rawValue), high.ttl)
    }

    private func verifiedRecords() throws(Interruption) -> Result<DenialRecords, Finding> {
        if let records { return .success(records) }
        var nsec = NSECProof(zone: zone.name)
        var nsec3 = NSEC3Proof(zone: zone.name, effort: session.effort)
        for rrset in rrsets {
            switch try session.verify(rrset, in: zone) {
            case .failure(let finding): return .failure(finding)
            case .success(let verified):
                // A replayed NSEC would deny names that it knows nothing of.
                guard verified.wildcardParent == nil else { return .failure(.expanded(rrset)) }
                nsec.add(rrset, ttl: verified.ttl)
                nsec3.add(rrset, ttl: verified.ttl)
            }
        }
        return .success(DenialRecords(nsec: nsec, nsec3: nsec3))
    }
}

/// What a response's verified denial records hold.
private struct DenialRecords {
    var nsec: NSECProof
    var nsec3: NSEC3Proof
}
