// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import mxcensus

/// Every word that can stand on the page of a host is said in other words, too.
struct StageMeaningTests {
    private func missing<Word: Outcome>(_: Word.Type, but silent: Set<Word>) -> [String] {
        Word.allCases.filter { ![.notReached, .notMeasured].contains($0) && !silent.contains($0) }.map(\.rawValue)
            .filter { StageMeaning.text($0, stage: Word.stage) == nil }
    }

    @Test func everyWordHasAMeaning() {
        // Words of a stage that is passed without a word, and one that never occurs.
        #expect(missing(TCPOutcome.self, but: [.open]) == [])
        #expect(missing(GreetingOutcome.self, but: [.ready, .pregreetViolation]) == [])
        #expect(missing(EHLOOutcome.self, but: [.ok]) == [])
        #expect(missing(STARTTLSOutcome.self, but: [.offered]) == [])
        #expect(missing(TLSOutcome.self, but: [.ok]) == [])
        #expect(missing(PKIXOutcome.self, but: []) == [])
        #expect(missing(NameMatch.self, but: []) == [])
        #expect(missing(DANEOutcome.self, but: []) == [])
        #expect(missing(DANEDomainOutcome.self, but: []) == [])
    }
}
