// SPDX-License-Identifier: Apache-2.0

import Observations
import Policies
import Testing

struct STSResponseTests {
    @Test(arguments: [
        (200, STSFetchOutcome.ok), (201, .otherSuccess), (204, .otherSuccess), (299, .otherSuccess), (301, .redirect),
        (304, .redirect), (400, .clientError), (403, .clientError), (404, .notFound), (410, .clientError),
        (499, .clientError), (500, .serverError), (503, .serverError), (700, .serverError), (101, .truncated),
    ])
    func byStatus(status: Int, outcome: STSFetchOutcome) {
        let seen = STSResponse.outcome(status: status, contentType: "text/plain", bodySize: 10, isComplete: true)
        #expect(seen == outcome)
    }

    @Test(arguments: [
        ("text/plain", true), ("TeXT/PlAiN", true), ("text/plain;charset=utf-8", true),
        ("text/plain ; charset=UTF-8", true),
        ("application/octet-stream", false), ("application/json+text/plain", false), ("text/plain+", false),
        ("text/html", false), ("", false), (nil, false),
    ])
    func byContentType(type: String?, isPlain: Bool) {
        let seen = STSResponse.outcome(status: 200, contentType: type, bodySize: 10, isComplete: true)
        #expect(seen == (isPlain ? .ok : .contentTypeNotTextPlain))
    }

    @Test func bySize() {
        func outcome(_ size: Int, _ isComplete: Bool) -> STSFetchOutcome {
            STSResponse.outcome(status: 200, contentType: "text/plain", bodySize: size, isComplete: isComplete)
        }
        #expect(outcome(65_536, true) == .ok)
        #expect(outcome(65_537, true) == .tooLarge)
        #expect(outcome(65_537, false) == .tooLarge)
        #expect(outcome(65_536, false) == .truncated)
    }
}
