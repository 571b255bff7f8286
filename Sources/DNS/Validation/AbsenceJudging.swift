// SPDX-License-Identifier: Apache-2.0

import Observations

/// Negative answers: NXDOMAIN and NODATA (RFC 4035 §5.4, RFC 2308).
extension Session {
    /// Judges the absence of `type` at `name`; the outcome says which absence was shown.
    func judgeAbsence(
        of name: DomainName, _ type: RecordType, in message: Message
    ) async throws(Interruption) -> (outcome: DNSOutcome, part: JudgedPart) {
        let home = home(of: name, type)
        let claimed: DNSOutcome = message.rcode == 3 ? .nxdomain : .noerrorNodata
        let soa = message.authority.first { $0.type == .soa && name.isEqualOrBelow($0.owner) }
        let denials = message.authority.filter(\.isDenial)
        var failure: JudgedPart?
        for signer in signers(of: denials, above: home) {
            switch try await territory(at: signer) {
            case .secure(let zone) where zone.name == signer:
                let (outcome, part) = try prove(claimed, name, type, message, soa, zone)
                if part.finding.security != .bogus { return (outcome, part) }
                failure = failure ?? part
            case .secure:
                continue
            case .other(let finding, let path):
                return (claimed, JudgedPart(finding: finding, ttl: soa?.negativeTTL ?? 0, path: path))
            }
        }
        if let failure {
            guard let unsigned = await unsignedPart(at: home, ttl: soa?.negativeTTL ?? 0) else {
                return (claimed, failure)
            }
            return (claimed, unsigned)
        }
        switch try await territory(at: home) {
        case .secure(let zone):
            let finding = Finding.bogus(
                "no proof of the zone \(zone.name) that \(name) has no \(type)", .denialMissing)
            return (claimed, JudgedPart(finding: finding, ttl: 0, path: zone.path))
        case .other(let finding, let path):
            return (claimed, JudgedPart(finding: finding, ttl: soa?.negativeTTL ?? 0, path: path))
        }
    }

    private func prove(
        _ claimed: DNSOutcome, _ name: DomainName, _ type: RecordType, _ message: Message, _ soa: RRset?, _ zone: Zone
    ) throws(Interruption) -> (DNSOutcome, JudgedPart) {
        var part = JudgedPart(finding: .secure, ttl: .max, sha1Only: zone.sha1Only, path: zone.path)
        // The SOA proves nothing, but its zone should have signed it, and how long the absence holds is taken from it.
        if let soa, soa.owner == zone.name {
            switch try verify(soa, in: zone) {
            case .failure(let finding):
                part.finding = finding
                return (claimed, part)
            case .success(let verified):
                part.sha1Only = part.sha1Only || verified.sha1Only
                part.ttl = min(verified.ttl, soa.negativeTTL ?? verified.ttl)
            }
        }
        // A record of the proof that lost its signature may be the one that would show the contrary.
        if let bare = message.authority.first(where: { $0.isDenial && $0.signatures.isEmpty }) {
            part.finding = .bogus("\(bare.owner) \(bare.type) is not signed", .signaturesMissing)
            return (claimed, part)
        }
        var proof = DenialProof(message, zone: zone, session: self)
        var outcome = claimed
        var result = claimed == .nxdomain ? try proof.nameError(name) : try proof.nodata(name, type)
        if case .failed = result, let other = try otherAbsence(than: claimed, name, type, message, &proof) {
            outcome = claimed == .nxdomain ? .noerrorNodata : .nxdomain
            result = other
        }
        part.finding = result.finding
        part.ttl = min(part.ttl, result.ttl)
        return (outcome, part)
    }

    /// What RCODE is wrong about and the proof shows all the same; nil where it shows nothing. At the end of aliases RCODE
    /// may still speak of their beginning (RFC 6604 §3); elsewhere some servers say NXDOMAIN for empty non-terminals.
    private func otherAbsence(
        than claimed: DNSOutcome, _ name: DomainName, _ type: RecordType, _ message: Message,
        _ proof: inout DenialProof
    ) throws(Interruption) -> ProofResult? {
        let isTarget = message.question.map { $0.name != name } ?? false
        let other: ProofResult
        if claimed == .nxdomain {
            other = isTarget ? try proof.nodata(name, type) : try proof.nodataInstead(name, type)
        } else if isTarget {
            other = try proof.nameError(name)
        } else {
            return nil
        }
        return other.finding.security == .bogus ? nil : other
    }
}

extension RRset {
    /// NSEC or NSEC3.
    var isDenial: Bool { type == .nsec || type == .nsec3 }
}
