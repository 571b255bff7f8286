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

    /// Whatever did not work for now is never a statement about the domain.
    @Test(arguments: STSFetchOutcome.allCases)
    func noTransientFailureIsAFinding(fetch: STSFetchOutcome) {
        let word = STSSummary.domain(record: .valid, fetch: fetch, policy: .notReached)
        #expect(
            (word == .unknown)
                == (fetch.outcomeClass != .conclusive || [.ok, .contentTypeNotTextPlain].contains(fetch)))
    }
}
