// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

/// Rules that hold for the whole vocabulary of outcomes.
struct OutcomeTests {
    private static let vocabularies: [any Outcome.Type] = [
        DNSOutcome.self, MXShape.self, AddressOutcome.self, TCPOutcome.self, GreetingOutcome.self, EHLOOutcome.self,
        STARTTLSOutcome.self, TLSOutcome.self, PKIXOutcome.self, NameMatch.self, DANEOutcome.self,
        DANEDomainOutcome.self,
    ]

    @Test func words_AreLowerCaseAndHaveAClass() {
        func check<Word: Outcome>(_ vocabulary: Word.Type) {
            for word in vocabulary.allCases {
                let isUnasked = word == .notReached || word == .notMeasured
                #expect((word.outcomeClass == .none) == isUnasked, "\(vocabulary.stage) \(word)")
                #expect(
                    word.rawValue.utf8.allSatisfy {
                        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_")
                    }, "\(word)")
            }
            #expect(Word.notReached.rawValue == "not_reached" && Word.notMeasured.rawValue == "not_measured")
        }
        for vocabulary in Self.vocabularies { check(vocabulary) }
        #expect(Set(Self.vocabularies.map { $0.stage }).count == Self.vocabularies.count)
    }
}
