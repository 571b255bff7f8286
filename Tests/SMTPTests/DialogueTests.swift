// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import Testing

/// The dialogues of `Tests/Fixtures/smtp`, replayed in every legal segmentation.
struct DialogueTests {
    @Test(arguments: try Dialogue.all())
    func replayed(_ dialogue: Dialogue) throws {
        for segments in dialogue.mergedOnly ? [Replay.Segments.merged] : Replay.Segments.allCases {
            let replay = try Replay(dialogue, segments)
            let expectedEffects = dialogue.lines.compactMap { line -> Dialogue.Effect? in
                guard case .client(let effect) = line else { return nil }
                if case .line(let text) = effect { return .line("\(text)\r\n") }
                return effect
            }
            #expect(replay.effects == expectedEffects, "\(segments)")
            #expect(!replay.spokeEarly, "\(segments)")
            #expect(replay.session.record.isFinished, "\(segments)")
            let words = Self.words(replay.session.record)
            for stage in ["greeting", "ehlo", "starttls"] {
                #expect(dialogue.expected[stage] != nil, "the file does not say what \(stage) is")
            }
            for (field, value) in dialogue.expected {
                #expect(words[field] == value, "\(field), \(segments)")
            }
        }
    }

    @Test func everyWordOfTheVocabularyHasADialogue() throws {
        let dialogues = try Dialogue.all()
        func words(_ stage: String) -> Set<String> { Set(dialogues.compactMap { $0.expected[stage] }) }
        // We never speak first, and a session is never left unmeasured.
        let greetings = Set(GreetingOutcome.allCases).subtracting([.pregreetViolation, .notMeasured])
        #expect(words("greeting") == Set(greetings.map(\.rawValue)))
        #expect(words("ehlo") == Set(EHLOOutcome.allCases.map(\.rawValue)).subtracting(["not_measured"]))
        #expect(words("starttls") == Set(STARTTLSOutcome.allCases.map(\.rawValue)).subtracting(["not_measured"]))
        #expect(words("in_tls").count == 9)
    }

    /// Wherever a connection breaks, what has not been said is not known: "not offered" needs the whole list.
    @Test(arguments: try Dialogue.all().filter { !$0.name.contains("endless") })
    func cutAnywhere_NothingBecomesANo(_ dialogue: Dialogue) throws {
        let whole = try Replay(dialogue, .merged).session.record
        let octets = dialogue.lines.reduce(0) { count, line in
            guard case .server(let octets) = line else { return count }
            return count + octets.count
        }
        for limit in 1..<max(octets, 2) {
            let waits = [SMTPSession.Wait.greeting, .reply, .quit]
            for ending in [SMTPSession.Event.endOfStream, .timeout(waits[limit % 3])] {
                let replay = try Replay(dialogue, .merged, octetLimit: limit, ending: ending)
                let record = replay.session.record
                if [.notOffered, .notOfferedMasked].contains(record.starttls) {
                    #expect(record.ehlo == .ok && record.extensions != nil)
                    #expect(record.starttls == whole.starttls || dialogue.mergedOnly)
                }
                if ending == .endOfStream { #expect(record.isFinished) }
            }
        }
    }

    private static func words(_ record: SMTPRecord) -> [String: String] {
        func list(_ extensions: [String]?) -> String { extensions?.joined(separator: " | ") ?? "-" }
        let inTLS =
            switch record.replyInTLS {
            case .notReached: "not_reached"
            case .reply(let code): "reply \(code)"
            case .endOfStream: "eof"
            case .tlsFailure: "tls_failure"
            case .timeout: "timeout"
            case .malformed: "malformed"
            }
        return [
            "greeting": record.greeting.rawValue, "greeting_code": record.greetingCode.map(String.init) ?? "-",
            "banner": record.banner ?? "-", "refusal": record.refusal ?? "-",
            "ehlo": record.ehlo.rawValue, "ehlo_code": record.ehloCode.map(String.init) ?? "-",
            "extensions": list(record.extensions), "extensions_tls": list(record.extensionsInTLS),
            "starttls": record.starttls.rawValue, "starttls_code": record.starttlsCode.map(String.init) ?? "-",
            "in_tls": inTLS,
        ]
    }
}
