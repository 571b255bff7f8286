// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import TLS

/// Each answer that a server can give, and what it means for the profile that asked.
@Suite struct HelloMeaningTests {
    private func meaning(
        _ profile: HelloProfile, _ flight: [UInt8], _ ending: HelloEnding = .answered
    ) throws -> TLSProbeObservation {
        let offer = try #require(ClientHello(profile: profile, serverName: nil, seed: .fixed))
        return TLSProbeObservation(
            profile: profile, offer: offer, reader: readAnswer(flight, profile.depth), ending: ending)
    }

    private func hello(_ version: UInt16, _ suite: UInt16) -> [UInt8] {
        ServerFlight.record(ServerFlight.hello(version, suite: suite, extensions: [(0xFF01, [0])]))
    }

    @Test func `pq: a HelloRetryRequest for the group is yes, and alert 40 is no`() throws {
        let yes = try meaning(.pq, ServerFlight.record(ServerFlight.helloRetryRequest(group: 0x11EC)))
        #expect(yes.outcome == .ok && yes.version == .tls13 && yes.helloRetryRequest)
        #expect(yes.group == "X25519MLKEM768" && yes.cipher == "TLS_AES_256_GCM_SHA384")
        #expect(yes.extendedMasterSecret == nil && yes.sessionTicket == nil && yes.compression == nil)
        let no = try meaning(.pq, ServerFlight.alert(40))
        #expect(no.outcome == .alertHandshakeFailure && no.alert == 40 && no.version == nil)
    }

    @Test(arguments: [
        ServerFlight.record(ServerFlight.helloRetryRequest(group: 0x1D)),
        ServerFlight.record(ServerFlight.helloRetryRequest(group: nil)),
        ServerFlight.record(ServerFlight.helloRetryRequest(group: 0x11EC, suite: 0xC02F)),
        ServerFlight.record(
            ServerFlight.hello(0x0303, suite: 0x1301, extensions: [(43, [3, 4]), (51, [0x11, 0xEC, 0, 0])])),
        ServerFlight.alert(47), ServerFlight.alert(109), ServerFlight.alert(80), ServerFlight.alert(70),
        Array("500 what?\r\n".utf8), [],
    ])
    func `pq: anything else is unknown`(flight: [UInt8]) throws {
        let outcome = try meaning(.pq, flight, .endOfStream).outcome
        #expect(outcome != .ok && outcome != .alertHandshakeFailure)
    }

    @Test(arguments: [
        (40 as UInt8, TLSOutcome.alertHandshakeFailure), (70, .alertProtocolVersion),
        (71, .alertInsufficientSecurity), (80, .alertInternalError), (112, .alertUnrecognizedName), (47, .alertOther),
    ])
    func `An alert has its own word`(number: UInt8, outcome: TLSOutcome) throws {
        let seen = try meaning(.tls11, ServerFlight.alert(number))
        #expect(seen.outcome == outcome && seen.alert == Int(number))
    }

    @Test(arguments: [
        (HelloEnding.endOfStream, TLSOutcome.eof, Int?.none), (.reset(errno: 104), .reset, 104),
        (.timeout, .timeout, nil),
    ])
    func `Silence, a close and a reset are told apart`(ending: HelloEnding, outcome: TLSOutcome, errno: Int?) throws {
        let seen = try meaning(.tls10, [], ending)
        #expect(seen.outcome == outcome && seen.errno == errno && seen.alert == nil)
        #expect(try meaning(.tls10, ServerFlight.alert(0, level: 1), .endOfStream).outcome == .eof)
        // Half a ServerHello is no answer.
        #expect(try meaning(.tls10, Array(hello(0x0301, 0x2F).dropLast()), ending).outcome == outcome)
    }

    @Test func `A server that hangs up behind a warning has said why`() throws {
        let seen = try meaning(.tls12, ServerFlight.alert(112, level: 1), .endOfStream)
        #expect(seen.outcome == .alertUnrecognizedName && seen.alert == 112)
        #expect(try meaning(.tls12, ServerFlight.alert(112, level: 1), .timeout).outcome == .timeout)
        let polite = try meaning(.tls12, ServerFlight.alert(112, level: 1) + ServerFlight.alert(0, level: 1))
        #expect(polite.outcome == .alertUnrecognizedName && polite.alert == 112)
    }

    @Test(arguments: [1, 2] as [UInt8])
    func `A server that takes leave has not answered`(level: UInt8) throws {
        let seen = try meaning(.tls12, ServerFlight.alert(0, level: level))
        #expect(seen.outcome == .eof && seen.alert == nil)
        let behind = try meaning(.tls12, hello(0x0303, 0xC02F) + ServerFlight.alert(0, level: level))
        #expect(behind.outcome == .ok && behind.version == .tls12)
    }

    @Test func `Silence behind a ServerHello takes nothing back, an alert does`() throws {
        let seen = try meaning(.tls12, hello(0x0303, 0xC02F), .timeout)
        #expect(seen.outcome == .ok && seen.version == .tls12)
        #expect(seen.secureRenegotiation == true && seen.extendedMasterSecret == false)
        let refused = try meaning(.tls12, hello(0x0303, 0xC02F) + ServerFlight.alert(80))
        #expect(refused.outcome == .alertInternalError && refused.version == .tls12)
    }

    @Test func `An older version than the one asked for is a no, and says which`() throws {
        for (profile, version) in [(HelloProfile.tls12, 0x0302 as UInt16), (.tls11, 0x0301), (.tls10, 0x0300)] {
            let seen = try meaning(profile, hello(version, 0x0005))
            #expect(seen.outcome == .alertProtocolVersion && seen.alert == nil)
            #expect(seen.version == TLSVersion(wire: version))
        }
    }

    @Test func `legacy is 1.1 or 1.0, and nothing newer`() throws {
        for version in [0x0301 as UInt16, 0x0302] {
            let seen = try meaning(.legacy, hello(version, 0x002F))
            #expect(seen.outcome == .ok && seen.version == TLSVersion(wire: version))
        }
        #expect(try meaning(.legacy, hello(0x0303, 0x002F)).outcome == .badRecord)
        #expect(try meaning(.legacy, hello(0x0300, 0x002F)).outcome == .alertProtocolVersion)
    }

    @Test func `What was not offered cannot be chosen`() throws {
        #expect(try meaning(.tls12, hello(0x0303, 0x0000)).outcome == .badRecord)
        #expect(try meaning(.tls10, hello(0x0301, 0xC02F)).outcome == .badRecord)
        let compressed = ServerFlight.record(ServerFlight.hello(0x0303, suite: 0x2F, compression: 1))
        #expect(try meaning(.tls12, compressed).outcome == .badRecord)
        let asked = try meaning(.deepSuites(.tls12), compressed)
        #expect(asked.outcome == .ok && asked.compression == true)
        #expect(try meaning(.deepSuites(.tls12), hello(0x0303, 0x2F)).compression == false)
    }

    @Test func `One group alone, before TLS 1.3`() throws {
        func flight(_ suite: UInt16, _ keyExchange: [UInt8]) -> [UInt8] {
            ServerFlight.record(ServerFlight.hello(0x0303, suite: suite) + keyExchange)
        }
        let curve = flight(0xC02F, ServerFlight.keyExchange(group: 0x18))
        #expect(try meaning(.deepGroup(0x18), curve).outcome == .ok)
        #expect(try meaning(.deepGroup(0x18), curve).group == "secp384r1")
        #expect(try meaning(.deepGroup(0x19), curve).outcome == .badRecord)
        #expect(try meaning(.deepGroup(0x18), flight(0xC02F, []), .timeout).outcome == .timeout)
        let own = flight(0x009E, ServerFlight.keyExchange(modulus: [UInt8](repeating: 0xC1, count: 128)))
        let seen = try meaning(.deepGroup(0x100), own)
        #expect(seen.outcome == .alertHandshakeFailure && seen.alert == nil && seen.dhBits == 1024)
    }

    @Test func `The chain is kept where a kind of certificate was asked for`() throws {
        let flight = ServerFlight.record(
            ServerFlight.hello(0x0303, suite: 0xC02F) + ServerFlight.certificate([[1, 2], [3]])
                + ServerFlight.keyExchange(group: 0x1D))
        #expect(try meaning(.deepRSA, flight).chain == [[1, 2], [3]])
        #expect(try meaning(.tls12, flight).chain.isEmpty)
        #expect(try meaning(.tls12, flight).signatureScheme == "rsa_pkcs1_sha1")
        // No sender could go on to it, so that DANE and PKIX have nothing to say of it.
        let other = try meaning(.deepECDSA, flight)
        #expect(other.outcome == .badRecord && other.chain.isEmpty)
        #expect(try meaning(.deepRSA, flight + ServerFlight.alert(80)).chain.count == 2, "the answer was complete")
    }

    @Test func `SSLv3 was not asked about extensions`() throws {
        let seen = try meaning(.deepSSL3, ServerFlight.record(ServerFlight.hello(0x0300, suite: 5) + ServerFlight.done))
        #expect(seen.outcome == .ok && seen.version == .ssl3 && seen.cipher == "TLS_RSA_WITH_RC4_128_SHA")
        #expect(seen.extendedMasterSecret == nil && seen.sessionTicket == nil && seen.secureRenegotiation == false)
    }
}
