// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations
import Testing

@Suite struct TLSALookupTests {
    private let digest = [UInt8](repeating: 0xAB, count: 32)
    private let absent = ValidatedAnswer.none(.noerrorNodata, security: .secure)

    /// The word, the addresses, and the questions that were asked, in presentation form.
    private func lookUp(
        v4: Security? = .secure, v6: Security? = nil, expanded: String? = nil, alias: Security? = nil, port: Int = 25,
        _ table: [String: ValidatedAnswer]
    ) async throws -> (found: TLSALookup, asked: [String]) {
        func set(_ security: Security?) -> AddressSet {
            AddressSet(
                outcome: security == nil ? .nodata : .resolved, security: security ?? .secure, addresses: [],
                status: LookupStatus(outcome: .noerrorData, security: security ?? .secure))
        }
        let host = try DomainName("mx.example.org")
        let addresses = MailHostAddresses(
            host: host, expandedName: try expanded.map { try DomainName($0) } ?? host, aliasSecurity: alias,
            v4: set(v4), v6: set(v6))
        let answers = Dictionary(uniqueKeysWithValues: table.map { (Question($0, .tlsa), $1) })
        let source = ScriptedAnswers(answers)
        let found = await MailRouting.tlsa(of: addresses, port: port, from: source)
        return (found, source.asked.map { "\($0.name) \($0.type)" })
    }

    private func records(_ rdatas: [[UInt8]], _ security: Security = .secure) -> ValidatedAnswer {
        ValidatedAnswer(
            status: LookupStatus(outcome: .noerrorData, security: security, rcode: 0),
            rrset: RRset(owner: .root, type: .tlsa, ttl: 60, rdatas: rdatas), canonicalName: .root)
    }

    @Test func recordsBehindSecureAddresses() async throws {
        let (found, asked) = try await lookUp([
            "_25._tcp.mx.example.org": records([[3, 1, 1] + digest, [2, 0, 1] + digest, [3, 1, 1] + digest])
        ])
        #expect(found.base?.description == "mx.example.org")
        #expect(found.status.security == .secure)
        #expect(found.records.map(\.certificateUsage) == [3, 2], "each once")
        #expect(found.records.first?.associationData == digest)
        #expect(asked == ["_25._tcp.mx.example.org TLSA"])
    }

    @Test func thePortIsPartOfTheQuestion() async throws {
        #expect(try await lookUp(port: 587, [:]).asked == ["_587._tcp.mx.example.org TLSA"])
    }

    /// RFC 7672 §2.2.2: what has no address is not asked about; one insecure address spoils the host, whose mail may go
    /// there; a denial spoils nothing, for nobody sends mail to it.
    @Test(
        arguments: [
            (.secure, .secure, true), (.secure, nil, true), (nil, .secure, true), (.secure, .insecure, false),
            (.insecure, .secure, false), (.insecure, nil, false), (.indeterminate, nil, false), (nil, nil, false),
        ] as [(Security?, Security?, Bool)])
    func onlySecureAddressesAreWorthTheQuestion(v4: Security?, v6: Security?, isAsked: Bool) async throws {
        let (found, asked) = try await lookUp(v4: v4, v6: v6, ["_25._tcp.mx.example.org": absent])
        #expect(asked.isEmpty == !isAsked)
        #expect(found.status.outcome == (isAsked ? .noerrorNodata : .notReached))
        #expect(found.base == nil && found.records.isEmpty)
    }

    @Test func withoutValidationNothingIsAsked() async throws {
        let (found, asked) = try await lookUp(v4: .notValidated, v6: .notValidated, [:])
        #expect(found == .notMeasured)
        #expect(asked.isEmpty)
    }

    @Test func theEndOfSecureAliasesComesFirst() async throws {
        let (found, asked) = try await lookUp(
            expanded: "real.example.net", alias: .secure,
            [
                "_25._tcp.real.example.net": records([[3, 1, 1] + digest]),
                "_25._tcp.mx.example.org": records([[3, 1, 2] + digest]),
            ])
        #expect(found.base?.description == "real.example.net")
        #expect(asked == ["_25._tcp.real.example.net TLSA"])
    }

    @Test(arguments: [DNSOutcome.noerrorNodata, .nxdomain])
    func thenTheHostsOwnName(outcome: DNSOutcome) async throws {
        let (found, asked) = try await lookUp(
            expanded: "real.example.net", alias: .secure,
            [
                "_25._tcp.real.example.net": .none(outcome, security: .secure),
                "_25._tcp.mx.example.org": records([[3, 1, 1] + digest]),
            ])
        #expect(found.base?.description == "mx.example.org")
        #expect(asked == ["_25._tcp.real.example.net TLSA", "_25._tcp.mx.example.org TLSA"])
    }

    /// The host's own name is signed even where the alias leads out of the signed tree.
    @Test(arguments: [(Security.secure, true), (.insecure, false)])
    func aSecureAliasWithAnInsecureEndLeavesTheHostsOwnName(alias: Security, isAsked: Bool) async throws {
        let (found, asked) = try await lookUp(
            v4: .insecure, expanded: "real.example.net", alias: alias,
            ["_25._tcp.mx.example.org": records([[3, 1, 1] + digest])])
        #expect(asked == (isAsked ? ["_25._tcp.mx.example.org TLSA"] : []))
        #expect(found.base?.description == (isAsked ? "mx.example.org" : nil))
    }

    @Test func secureRecordsGoBeforeInsecureOnesAndThoseBeforeNone() async throws {
        let insecure = records([[3, 1, 1] + digest], .insecure)
        func look(_ own: ValidatedAnswer) async throws -> TLSALookup {
            try await lookUp(
                expanded: "real.example.net", alias: .secure,
                ["_25._tcp.real.example.net": insecure, "_25._tcp.mx.example.org": own]
            ).found
        }
        #expect(try await look(records([[3, 1, 1] + digest])).status.security == .secure)
        let none = try await look(absent)
        #expect(none.base?.description == "real.example.net" && none.status.security == .insecure)
        #expect(none.records.count == 1)
    }

    @Test func absenceIsProven() async throws {
        let found = try await lookUp(["_25._tcp.mx.example.org": .none(.nxdomain, security: .secure)]).found
        #expect(found.base == nil)
        #expect(found.status == LookupStatus(outcome: .nxdomain, security: .secure))
    }

    /// A sender that goes on behind an error can be talked out of DANE (RFC 7672 §2.1.1).
    @Test(arguments: [
        (DNSOutcome.servfail, Security.indeterminate), (.timeout, .indeterminate), (.bogus, .bogus),
        (.nxdomain, .bogus), (.noerrorNodata, .indeterminate), (.cnameLoop, .secure),
    ])
    func anErrorIsNotAnAbsence(outcome: DNSOutcome, security: Security) async throws {
        let (found, asked) = try await lookUp(
            expanded: "real.example.net", alias: .secure,
            [
                "_25._tcp.real.example.net": .none(outcome, security: security),
                "_25._tcp.mx.example.org": records([[3, 1, 1] + digest]),
            ])
        #expect(found.status.outcome == outcome && found.status.security == security)
        #expect(found.base == nil && found.records.isEmpty)
        #expect(asked == ["_25._tcp.real.example.net TLSA"])
    }

    @Test func bogusRecordsAreNotRead() async throws {
        let found = try await lookUp(["_25._tcp.mx.example.org": records([[3, 1, 1] + digest], .bogus)]).found
        #expect(found.base == nil && found.records.isEmpty && found.status.security == .bogus)
    }
}
