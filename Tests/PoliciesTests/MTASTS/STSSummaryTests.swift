// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct STSSummaryTests {
    @Test(arguments: [
        (STSRecordOutcome.absent, STSFetchOutcome.notReached, STSPolicyOutcome.notReached, STSDomainOutcome.none),
        (.badVersion, .notReached, .notReached, .none), (.multiple, .notReached, .notReached, .invalid),
        (.dnsTempfail, .notReached, .notReached, .unknown), (.valid, .notMeasured, .notMeasured, .unknown),
        (.valid, .tcpTimeout, .notReached, .unknown), (.valid, .serverError, .notReached, .unknown),
        (.valid, .notFound, .notReached, .invalid), (.valid, .certificateExpired, .notReached, .invalid),
        (.valid, .ok, .validEnforce, .validEnforce), (.valid, .contentTypeNotTextPlain, .validTesting, .validTesting),
        (.valid, .ok, .validNone, .validNone), (.valid, .ok, .noMX, .invalid),
        (.notMeasured, .notMeasured, .notMeasured, .notMeasured),
    ])
    func domain(record: STSRecordOutcome, fetch: STSFetchOutcome, policy: STSPolicyOutcome, word: STSDomainOutcome) {
        #expect(STSSummary.domain(record: record, fetch: fetch, policy: policy) == word)
    }

    /// Who asks us to come again has not said that there is no policy (RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4).
    @Test(arguments: [
        (400, STSDomainOutcome.invalid), (403, .invalid), (408, .unknown), (410, .invalid), (421, .invalid),
        (425, .unknown), (429, .unknown), (503, .unknown),
    ])
    func byStatus(status: Int, word: STSDomainOutcome) {
        let fetch = STSResponse.outcome(status: status, contentType: nil, bodySize: 0, isComplete: true)
        #expect(STSSummary.domain(record: .valid, fetch: fetch, status: status, policy: .notReached) == word)
    }

    /// Whatever did not work for now is never a statement about the domain.
    @Test(arguments: STSFetchOutcome.allCases)
    func noTransientFailureIsAFinding(fetch: STSFetchOutcome) {
        let word = STSSummary.domain(record: .valid, fetch: fetch, policy: .notReached)
        #expect(
            (word == .unknown)
                == (fetch.outcomeClass != .conclusive || [.ok, .contentTypeNotTextPlain].contains(fetch)))
    }
}
