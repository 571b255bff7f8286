// SPDX-License-Identifier: Apache-2.0

import Observations
import Testing

@testable import DNS

@Suite("Scenarios of other validators")
struct ScenarioVectorTests {
    @Test(arguments: ["dnssec-mx", "dnssec-resigned", "dnssec-raw"])
    func statusIsTheirs(file: String) async throws {
        var right = 0
        var contested = 0
        let cases = try VectorFiles.cases(file, of: ScenarioVector.self)
        for vector in cases {
            let answer = try await vector.judge()
            let word = answer.status.security.rawValue
            // Where validators disagree among themselves there is nothing to be right about.
            guard vector.grade != "contested" else {
                contested += 1
                print("\(file) \(vector.id): contested, \(word) here, \(vector.expect.status) there")
                continue
            }
            #expect(vector.accept.contains(word), "\(file) \(vector.id): \(answer.status.reason ?? "no reason")")
            if word == "secure" || word == "insecure" {
                #expect((answer.status.outcome == .nxdomain) == (vector.expect.rcode == "NXDOMAIN"), "\(vector.id)")
            }
            if word != "secure" { #expect(answer.status.reason != nil, "\(vector.id)") }
            if vector.accept.contains(word) { right += 1 }
        }
        if !cases.isEmpty { print("\(file): \(right) of \(cases.count - contested) right, \(contested) contested") }
    }
}
