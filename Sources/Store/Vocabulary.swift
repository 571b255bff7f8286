// SPDX-License-Identifier: Apache-2.0
import Observations

/// The published words of each stage with their classes, drawn from the outcome enums.
enum Vocabulary {
    /// Stage -> word -> class.
    static let classes: [String: [String: OutcomeClass]] = {
        var classes: [String: [String: OutcomeClass]] = [:]
        func add<Word: Outcome>(_ words: Word.Type) {
            classes[words.stage] = Dictionary(
                words.allCases.map { ($0.rawValue, $0.outcomeClass) }, uniquingKeysWith: { first, _ in first })
        }
        add(DNSOutcome.self)
        add(Security.self)
        add(MXShape.self)
        add(AddressOutcome.self)
        add(TCPOutcome.self)
        add(GreetingOutcome.self)
        add(EHLOOutcome.self)
        add(STARTTLSOutcome.self)
        add(TLSOutcome.self)
        add(PKIXOutcome.self)
        add(NameMatch.self)
        add(DANEOutcome.self)
        add(DANEDomainOutcome.self)
        add(RolloverOutcome.self)
        add(STSRecordOutcome.self)
        add(STSFetchOutcome.self)
        add(STSPolicyOutcome.self)
        add(STSDomainOutcome.self)
        add(STSMatch.self)
        add(STSDomainMatch.self)
        add(TLSRPTOutcome.self)
        add(SPFOutcome.self)
        add(DMARCOutcome.self)
        add(DKIMHintOutcome.self)
        return classes
    }()

    /// The words of a stage that are of one of these classes, in alphabetical order.
    static func words(of stage: String, in wanted: Set<OutcomeClass>) -> [String] {
        (classes[stage] ?? [:]).filter { wanted.contains($0.value) }.keys.sorted()
    }
}
