// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What the SPF record of a domain, and every record that it leads to, comes to for all senders at once (RFC 7208 §4).
///
/// A receiver evaluates a record for one sender and stops at the first match. A survey has no sender: it walks through
/// all terms in the order of a receiver whose sender nothing matches, for whom every limit counts.
///
/// * Terms behind `all` never count, nor does `redirect` beside it (§5.1).
/// * `include`, `a`, `mx`, `ptr`, `exists` and `redirect` are look-ups: 10 are allowed (§4.6.4). An `mx` may lead to 10
///   hosts. Their addresses are not asked for, since there is no sender to compare them with.
/// * A look-up is void if it finds nothing *for any sender*: `a` has neither A nor AAAA. Two are allowed.
/// * A name with a macro that only a sender can fill counts as a look-up and is not followed.
/// * What a receiver meets first is the word: a permanent error, or an answer that did not come, which ends its evaluation
///   as well (§4.4, §5.2) and is `dns_tempfail`. Whatever stands behind that is not evaluated.
///
/// What a hostile tree can cost is bounded: counting ends at `countingLimit` look-ups, each of which asks two questions at
/// most, and behind what is met first only what is needed for counting is asked.
public enum SPFEvaluation {
    /// A receiver's limit on look-ups, and on the hosts of an `mx` (§4.6.4).
    public static let lookupLimit = 10
    /// A receiver's limit on void look-ups (§4.6.4).
    public static let voidLimit = 2
    /// Look-ups that are counted at most.
    public static let countingLimit = 30

    /// Evaluates a domain.
    public static func evaluate(_ domain: DomainName, from source: any PolicySource) async -> SPFObservation {
        // §4.3: what is not a multi-label name has no record, whatever DNS says.
        guard domain.labelCount > 1 else { return SPFObservation(outcome: .absent, status: .notReached) }
        let answer = await source.answer(to: .texts(domain))
        var seen = SPFObservation(outcome: .absent, status: answer.status)
        guard answer.status.isAnswered else {
            seen.outcome = .dnsTempfail
            return seen
        }
        let records = SPFRecord.select(answer.texts)
        guard let text = records.first else { return seen }
        seen.raw = records.count > 1 ? PolicyText(records: records) : PolicyText(text)
        guard records.count == 1 else {
            seen.outcome = .multiple
            seen.problemAt = domain
            return seen
        }
        do {
            let record = try SPFRecord(text)
            seen.all = record.all?.qualifier ?? (record.redirect == nil ? .missing : .redirect)
            var walk = SPFWalk(origin: domain, source: source)
            await walk.follow(record, of: domain)
            walk.conclude(&seen)
        } catch {
            seen.outcome = .syntax
            seen.problemAt = domain
            seen.problemTerm = error.term
        }
        return seen
    }
}
