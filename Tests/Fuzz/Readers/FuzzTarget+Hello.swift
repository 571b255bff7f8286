// SPDX-License-Identifier: Apache-2.0
import Mutations
import Observations
import TLS

extension FuzzTarget {
    /// What a TLS server answers to a hello: records, alerts, and the messages before anything is encrypted; read by our
    /// own reader and by the library behind `TLSConnection`.
    public static let hello = FuzzTarget(name: "hello") { octets in
        for depth in [ServerHelloReader.Depth.hello, .keyExchange] {
            let whole = reader(of: octets, by: max(1, octets.count), depth)
            // Beyond this the reader gives up where a piece ends.
            if octets.count < 60_000 {
                for size in [1, 5] {
                    let cut = reader(of: octets, by: size, depth)
                    if cut.answer != whole.answer || cut.hello != whole.hello || cut.warning != whole.warning {
                        return "the answer depends on how it is cut"
                    }
                }
            }
            for (profile, offer) in offers {
                if let violation = violation(in: whole, profile, offer, octets.count) { return violation }
            }
        }
        return violationOfLibrary(octets)
    }

    private static let offers: [(HelloProfile, ClientHello)] = {
        let profiles: [HelloProfile] = [
            .pq, .tls12, .tls11, .legacy, .deepSSL3, .deepGroup(0x001D), .deepSuites(.tls12), .deepRSA,
        ]
        return profiles.compactMap { profile in
            var generator = SeededGenerator(seed: 1)
            let seed = ClientHello.Seed(using: &generator)
            return ClientHello(profile: profile, serverName: nil, seed: seed).map { (profile, $0) }
        }
    }()

    private static func reader(of octets: [UInt8], by size: Int, _ depth: ServerHelloReader.Depth) -> ServerHelloReader
    {
        var reader = ServerHelloReader(depth: depth)
        var rest = octets[...]
        while !rest.isEmpty, reader.receive(Array(rest.prefix(size))) == nil { rest = rest.dropFirst(size) }
        return reader
    }

    private static func violation(
        in reader: ServerHelloReader, _ profile: HelloProfile, _ offer: ClientHello, _ count: Int
    ) -> String? {
        let seen = TLSProbeObservation(
            profile: profile, offer: offer, reader: reader, ending: reader.answer == nil ? .endOfStream : .answered)
        if seen.outcome == .ok, seen.version.map(offer.versions.contains) != true {
            return "\(profile.rawValue) ok with another version"
        }
        if !seen.chain.isEmpty, seen.outcome != .ok || !profile.wantsChain { return "\(profile.rawValue) with a chain" }
        return seen.chain.joined().count > count ? "more certificates than octets" : nil
    }

    private static let context = Result { try TLSContext() }

    /// Octets that were made without our hello can't be the end of a handshake.
    private static func violationOfLibrary(_ octets: [UInt8]) -> String? {
        guard let context = try? context.get(), let connection = try? TLSConnection(context: context, serverName: nil)
        else { return "no connection" }
        connection.start()
        guard !connection.takeOutput().isEmpty else { return "no hello" }
        connection.receive(octets)
        connection.endOfInput()
        let seen = connection.observation(profile: .full)
        if seen.outcome == .ok || connection.hasCompletedHandshake { return "a handshake with nobody" }
        return seen.chain.joined().count > octets.count ? "more certificates than octets" : nil
    }
}
