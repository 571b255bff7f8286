// SPDX-License-Identifier: Apache-2.0

import Observations

@testable import DNS

/// A small internet: a signed root, the TLDs `test` (NSEC) and `hash` (NSEC3), the signed zone `signed.test` and the
/// unsigned `plain.test`. Tests add or replace responses; everything else has no answer, and is counted.
final class TestWorld {
    let root = TestZone(".", seed: 1)
    let test = TestZone("test", seed: 2)
    let hash = TestZone("hash", seed: 3)
    let signed = TestZone("signed.test", seed: 4)
    var limits = ValidationLimits()
    var sha1 = SHA1Policy.validate
    let records = TestRecords()
    private var kept: Validator?

    init() {
        for zone in [root, test, hash, signed] { answer(zone.name, .dnskey, [zone.keys()]) }
        delegate(test, from: root)
        delegate(hash, from: root)
        delegate(signed, from: test)
        deny(name("plain.test"), .ds, [test.soa(), test.nsec("plain.test", "signed.test", .ns)])
        deny(name("www.signed.test"), .ds, [signed.soa(), signed.nsec("www.signed.test", "x.signed.test", .a)])
    }

    func delegate(_ child: TestZone, from parent: TestZone) {
        let ds = RRset(owner: child.name, type: .ds, ttl: 3_600, rdatas: [child.dsRData()])
        answer(child.name, .ds, [parent.sign(ds)])
    }

    var asked: [Question] { records.asked }

    func answer(_ owner: DomainName, _ type: RecordType, _ sets: [RRset], authority: [RRset] = []) {
        let question = Question(name: owner, type: type)
        records.responses[question] = Message(question: question, answer: sets, authority: authority)
    }

    func deny(_ owner: DomainName, _ type: RecordType, _ authority: [RRset], rcode: Int = 0) {
        let question = Question(name: owner, type: type)
        records.responses[question] = Message(question: question, rcode: rcode, authority: authority)
    }

    /// One validator for the whole test, made at its first use.
    var validator: Validator {
        if let kept { return kept }
        let made = Validator(
            anchors: [root.anchor].compactMap { $0 }, source: records, limits: limits, sha1: sha1,
            now: { [records] in records.time })
        kept = made
        return made
    }

    /// Judges a response that came with this answer section.
    func judge(
        _ owner: String, _ type: RecordType = .a, answer: [RRset] = [], authority: [RRset] = [], rcode: Int = 0
    ) async -> ValidatedAnswer {
        let question = Question(name: name(owner), type: type)
        let message = Message(question: question, rcode: rcode, answer: answer, authority: authority)
        return await validator.validate(message, for: question)
    }
}

/// The responses of the world, the questions that came, and its clock.
final class TestRecords: RecordSource {
    var responses: [Question: Message] = [:]
    var time = testTime
    /// What a question without a response comes to.
    var failure = DNSOutcome.timeout
    private(set) var asked: [Question] = []

    func lookup(_ question: Question) async -> LookupReply {
        asked.append(question)
        guard let message = responses[question] else {
            return .failure(LookupStatus(outcome: failure, security: .indeterminate))
        }
        return .message(message)
    }
}
