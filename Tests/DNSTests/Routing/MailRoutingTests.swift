// SPDX-License-Identifier: Apache-2.0

import DNS
import Observations
import Testing

@Suite struct MailRoutingTests {
    private let mx = Question("example.org", .mx)
    private let a = Question("example.org", .a)
    private let aaaa = Question("example.org", .aaaa)

    private func route(_ table: [Question: ValidatedAnswer]) async -> MailRoute {
        await MailRouting.route(for: mx.name, from: ScriptedAnswers(table))
    }

    @Test func recordsAreReadAndNothingElseIsAsked() async {
        let source = ScriptedAnswers([mx: .mx((10, "mx.example.org"), (5, "10.0.0.1"), security: .secure)])
        let route = await MailRouting.route(for: mx.name, from: source)
        #expect(route.shape == .explicit)
        #expect(route.exchanges.map(\.host.description) == ["mx.example.org"])
        #expect(!route.isImplicit)
        #expect(route.status.security == .secure)
        #expect(source.asked == [mx])
    }

    /// What nobody could validate, a sender that validates does not get.
    @Test func recordsThatNobodyCouldValidateSayNothing() async {
        #expect(await route([mx: .mx((10, "mx.example.org"), security: .indeterminate)]).shape == .unknown)
        #expect(await route([mx: .none(.nxdomain, security: .indeterminate)]).shape == .unknown)
        let implicit = await route([
            mx: .none(.noerrorNodata), a: .addresses("192.0.2.1", security: .indeterminate),
            aaaa: .none(.noerrorNodata),
        ])
        #expect(implicit.shape == .unknown)
    }

    @Test func theNullMXHasNoHosts() async {
        let route = await route([mx: .mx((0, "."))])
        #expect(route.shape == .nullMx)
        #expect(route.exchanges.isEmpty)
    }

    @Test(arguments: [true, false]) func nodataAndAnAddressMakeTheImplicitMX(isV4: Bool) async {
        let address: ValidatedAnswer = isV4 ? .addresses("192.0.2.1") : .addresses("2001:db8::1")
        let route = await route([
            mx: .none(.noerrorNodata, security: .secure), a: isV4 ? address : .none(.noerrorNodata),
            aaaa: isV4 ? .none(.servfail) : address,
        ])
        #expect(route.shape == .implicit)
        #expect(route.isImplicit)
        #expect(route.exchanges == [MailExchange(preference: 0, host: mx.name)])
        #expect(route.status.outcome == .noerrorNodata)
        #expect(route.status.security == .secure)
    }

    @Test func nodataAndNoAddressIsNoMail() async {
        let table: [Question: ValidatedAnswer] = [
            mx: .none(.noerrorNodata), a: .none(.noerrorNodata), aaaa: .none(.noerrorNodata),
        ]
        #expect(await route(table).shape == .noMail)
    }

    @Test(arguments: [DNSOutcome.timeout, .servfail, .bogus, .resolverDown])
    func anAddressThatCouldNotBeAskedForIsNotNoAddress(outcome: DNSOutcome) async {
        let security: Security = outcome == .bogus ? .bogus : .indeterminate
        for isV4 in [true, false] {
            let failed = ValidatedAnswer.none(outcome, security: security)
            let route = await route([
                mx: .none(.noerrorNodata), a: isV4 ? failed : .none(.noerrorNodata),
                aaaa: isV4 ? .none(.noerrorNodata) : failed,
            ])
            #expect(route.shape == .unknown)
            #expect(route.exchanges.isEmpty)
            // Our own trouble is the whole answer's: nothing is to be recorded.
            #expect(route.status.outcome == (outcome == .resolverDown ? .resolverDown : .noerrorNodata))
        }
    }

    @Test func aNameThatDoesNotExistHasNoMail() async {
        let source = ScriptedAnswers([mx: .none(.nxdomain)])
        #expect(await MailRouting.route(for: mx.name, from: source).shape == .nxdomain)
        #expect(source.asked == [mx], "no implicit MX for a name that does not exist")
    }

    @Test(arguments: [
        DNSOutcome.servfail, .refused, .timeout, .formerr, .notimp, .truncatedTcpFailed, .networkError, .resolverDown,
        .localError, .cnameLoop, .cnameTooLong,
    ])
    func anythingElseSaysNothing(outcome: DNSOutcome) async {
        let source = ScriptedAnswers([
            mx: .none(outcome, security: .indeterminate), a: .addresses("192.0.2.1"), aaaa: .addresses("2001:db8::1"),
        ])
        let route = await MailRouting.route(for: mx.name, from: source)
        #expect(route.shape == .unknown)
        #expect(route.status.outcome == outcome)
        #expect(source.asked == [mx], "an implicit MX takes an answered NODATA")
    }

    @Test func whatIsBogusSaysNothing() async {
        let data = await route([mx: .mx((10, "mx.example.org"), security: .bogus)])
        #expect(data.shape == .unknown)
        #expect(data.exchanges.isEmpty)
        #expect(await route([mx: .none(.bogus, security: .bogus)]).shape == .unknown)
        #expect(await route([mx: .none(.nxdomain, security: .bogus)]).shape == .unknown)
    }
}
