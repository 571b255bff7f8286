// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Observations
import Testing

@testable import TLS

/// A peer may vanish or go mad behind any octet. Each of these handshakes ends at another place; what counts is that it
/// ends in the right word, and under AddressSanitizer (`scripts/sanitize.sh`) that nothing is lost or read twice.
@Suite struct AbortedHandshakeTests {
    private let context: TLSContext
    private let certificate: TestCertificate
    private let authority: TestCertificate

    init() throws {
        context = try TLSContext()
        authority = try TestCertificate(.authority("Test CA"))
        certificate = try TestCertificate(issuer: authority)
    }

    /// What happens to the stream of one side at a place.
    private enum Fault: CaseIterable {
        case fromServerEnds, fromServerDamaged, fromClientEnds, fromClientDamaged

        var isServers: Bool { self == .fromServerEnds || self == .fromServerDamaged }
        var isEnd: Bool { self == .fromServerEnds || self == .fromClientEnds }
    }

    /// One stream with a fault in it.
    private struct Line {
        var fault: Fault?
        var place: Int
        var passed = 0

        mutating func carry(_ octets: [UInt8]) -> [UInt8] {
            defer { passed += octets.count }
            guard let fault, (passed..<(passed + octets.count)).contains(place) || fault.isEnd && passed > place
            else { return octets }
            if fault.isEnd { return Array(octets.prefix(max(0, place - passed))) }
            var damaged = octets
            damaged[place - passed] ^= 0x41
            return damaged
        }
    }

    /// - Returns: what was seen, and how many octets went each way.
    private func handshake(_ version: Int32, _ fault: Fault?, at place: Int) throws
        -> (seen: TLSProbeObservation, state: TLSConnection.State, fromServer: Int, fromClient: Int)
    {
        let server = try LoopbackServer(
            certificate, chain: [authority], options: .init(version: version...version, tickets: false))
        let client = try TLSConnection(context: context, serverName: nil)
        var fromServer = Line(fault: fault.flatMap { $0.isServers ? $0 : nil }, place: place)
        var fromClient = Line(fault: fault.flatMap { $0.isServers ? nil : $0 }, place: place)
        client.start()
        for _ in 0..<8 {
            server.receive(fromClient.carry(client.takeOutput()))
            client.receive(fromServer.carry(server.takeOutput()))
        }
        client.endOfInput()
        return (client.observation(profile: .full), client.state, fromServer.passed, fromClient.passed)
    }

    @Test(arguments: [TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION])
    func atEveryOtherOctet(_ version: Int32) throws {
        let whole = try handshake(version, nil, at: 0)
        // The server says nothing inside TLS, and TLS 1.3 accepts with its first word.
        #expect(whole.seen.outcome == (version == TLS1_3_VERSION ? .eof : .ok))
        for fault in Fault.allCases {
            let octets = fault.isServers ? whole.fromServer : whole.fromClient
            // A few thousand handshakes in all.
            for place in stride(from: 0, to: octets, by: fault.isEnd ? 2 : 5) {
                let (seen, state, _, _) = try handshake(version, fault, at: place)
                switch state {
                case .handshaking, .established: Issue.record("\(fault) at \(place): not over")
                case .closed, .failed: break
                }
                if fault == .fromServerEnds, place + 8 < octets, version != TLS1_3_VERSION {
                    #expect(seen.outcome == .eof, "at \(place)")
                }
                if fault == .fromServerEnds { #expect(whole.seen.chain.starts(with: seen.chain), "at \(place)") }
            }
        }
    }

    /// Dropped without a word in the middle, as a scan that is stopped does.
    @Test func forgottenAtEveryStep() throws {
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            for steps in 0..<6 {
                let server = try LoopbackServer(certificate, options: .init(version: version...version))
                let client = try TLSConnection(context: context, serverName: nil)
                if steps > 0 { client.start() }
                for _ in 0..<steps {
                    server.receive(client.takeOutput())
                    client.receive(server.takeOutput())
                    client.send([1, 2, 3])
                }
                _ = client.observation(profile: .full)
            }
        }
    }
}
