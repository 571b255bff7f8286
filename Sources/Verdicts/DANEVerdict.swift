// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Whether a presented chain is the one that secure TLSA records speak of (RFC 6698, 7671, 7672).
///
/// * DANE-EE (3): the record is about the host's certificate or key. Names and dates do not count (RFC 7672 §3.1.1).
/// * DANE-TA (2): the record is about a certificate above it, which the server has sent or the record gives in full.
///   The path up to it must hold at the time, and the certificate must name the host (RFC 7672 §3.1.2, §3.2).
///
/// Of several records one that matches is enough; weaker digests beside a stronger one are not looked at.
public struct DANEVerdict: Hashable, Sendable {
    /// The word for the chain: `unusable`, `match_ee`, `match_ta`, `mismatch`, `ta_name_mismatch`,
    /// `ta_chain_absent_or_expired`, or `unknown` where chain and records ask for more work than they are worth and none of
    /// them matched before that.
    public let outcome: DANEOutcome
    /// The records that authenticate the host by this chain, as places in the list; empty where none does.
    public let matched: [Int]

    /// A verdict.
    public init(outcome: DANEOutcome, matched: [Int]) {
        self.outcome = outcome
        self.matched = matched
    }

    /// Judges a chain.
    ///
    /// - Parameters:
    ///   - records: the secure TLSA RRset, of which the facts were made.
    ///   - chain: the facts of the chain.
    ///   - names: the names of which DANE-TA wants one in the certificate; see `DANEReferenceNames`.
    ///   - moment: the time at which a path must be valid.
    public static func judge(
        records: [TLSARecord], chain: DANEChainFacts, names: DANEReferenceNames, at moment: Timestamp
    ) -> DANEVerdict {
        guard records.contains(where: { $0.usability == .usable }) else {
            return DANEVerdict(outcome: .unusable, matched: [])
        }
        let shadowed = TLSARecord.shadowed(in: records)
        let results = records.indices.map { index in
            shadowed.contains(index) ? .mismatch : judge(records[index], chain, names, moment)
        }
        var best = ranking.first { results.contains($0) } ?? .mismatch
        // What was not looked at may hold; a wrong name would be wrong for every path.
        if chain.isIncomplete, best == .mismatch || best == .taChainAbsentOrExpired { best = .unknown }
        return DANEVerdict(outcome: best, matched: results.indices.filter { authenticating.contains(results[$0]) })
    }

    private static let authenticating: Set<DANEOutcome> = [.matchEE, .matchTA]
    /// What helps most comes first; behind it, what came nearest.
    private static let ranking: [DANEOutcome] = [.matchEE, .matchTA, .taNameMismatch, .taChainAbsentOrExpired]

    private static func judge(
        _ record: TLSARecord, _ chain: DANEChainFacts, _ names: DANEReferenceNames, _ moment: Timestamp
    ) -> DANEOutcome {
        if record.namesHost {
            return chain.certificates.first?.matches(record) == true ? .matchEE : .mismatch
        }
        guard record.namesTrustAnchor else { return .mismatch }
        let paths = chain.anchorPaths.filter { leads($0, to: record, in: chain) }
        if paths.isEmpty { return .mismatch }
        guard paths.contains(where: { holds($0, at: moment) }) else { return .taChainAbsentOrExpired }
        return names.match(chain) ? .matchTA : .taNameMismatch
    }

    private static func leads(
        _ path: DANEChainFacts.AnchorPath, to record: TLSARecord, in chain: DANEChainFacts
    ) -> Bool {
        switch path.anchor {
        case .sent(let position):
            position > 0 && chain.certificates.indices.contains(position)
                && chain.certificates[position].matches(record)
        case .given(let selector, let data):
            record.isGivenInFull && record.selector == selector && record.associationData == data
        case .missing(let certificate):
            certificate.matches(record)
        }
    }

    /// Whether a sender can follow the path. A trust anchor is taken at the record's word (RFC 5280 §6.1.1 d), so that
    /// its own dates say nothing, except that OpenSSL, and with it most senders, looks at those of a self-signed one.
    private static func holds(_ path: DANEChainFacts.AnchorPath, at moment: Timestamp) -> Bool {
        guard path.findings.isEmpty, let top = path.links.last else { return false }
        let isAnchorAKey: Bool
        switch path.anchor {
        case .missing: return false
        case .given(let selector, _): isAnchorAKey = selector == 1
        case .sent: isAnchorAKey = false
        }
        let dated = isAnchorAKey || top.isSelfSigned ? path.links[...] : path.links.dropLast()
        return dated.allSatisfy { link in
            guard let notBefore = link.notBefore, let notAfter = link.notAfter else { return false }
            // The last second is out, as it is for OpenSSL and so for the word on the chain (RFC 5280 §4.1.2.5 has it in).
            return notBefore <= moment && moment < notAfter
        }
    }
}
