// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What record, fetch and policy come to for a domain and its hosts: pure functions, so that an old scan is summed up
/// again by a corrected rule.
public enum STSSummary {
    /// The domain in one word, as a sender without a cached policy sees it (RFC 8461 §3.3, §5).
    ///
    /// A record that nobody recognizes is no record. Whatever did not work for now is `unknown`, never `none`; whether
    /// that is so, `status`, that of the response to the fetch, can tell.
    public static func domain(
        record: STSRecordOutcome, fetch: STSFetchOutcome, status: Int? = nil, policy: STSPolicyOutcome
    ) -> STSDomainOutcome {
        switch record {
        case .absent, .badVersion: return .none
        case .notReached: return .notReached
        case .notMeasured: return .notMeasured
        case .dnsTempfail: return .unknown
        case .multiple, .missingID, .badID, .syntax, .dnsBogus: return .invalid
        case .valid: break
        }
        switch fetch {
        case .ok, .contentTypeNotTextPlain: break
        case .notReached, .notMeasured: return .unknown
        default: return fetch.outcomeClass(status: status) == .conclusive ? .invalid : .unknown
        }
        switch policy {
        case .validEnforce: return .validEnforce
        case .validTesting: return .validTesting
        case .validNone: return .validNone
        case .notReached, .notMeasured: return .unknown
        default: return .invalid
        }
    }

    /// Each host of a domain against its policy. Without a policy that names hosts there is nothing to match.
    public static func matches(
        _ hosts: [DomainName], policy: STSPolicyObservation?
    ) -> (hosts: [DomainName: STSMatch], domain: STSDomainMatch) {
        guard let policy, [.validEnforce, .validTesting].contains(policy.outcome) else {
            return (Dictionary(hosts.map { ($0, .notReached) }) { first, _ in first }, .notApplicable)
        }
        let patterns = MXPatterns(policy.patterns)
        let matches = Dictionary(hosts.map { ($0, patterns.match($0)) }) { first, _ in first }
        let misses = matches.values.count { $0 == .noMatch }
        switch misses {
        case _ where matches.isEmpty: return (matches, .notApplicable)
        case 0: return (matches, .all)
        case matches.count: return (matches, .none)
        default: return (matches, .some)
        }
    }
}
