// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SMTP
import Scan

/// How long to wait for a peer, and how much to do at once.
struct PaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Seconds for a TCP connection.", valueName: "SECONDS"))
    var connectTimeout: Double = 10

    @Option(
        help: ArgumentHelp("Seconds for a whole greeting; some servers hold it back on purpose.", valueName: "SECONDS"))
    var greetingTimeout: Double = 30

    @Option(help: ArgumentHelp("Seconds for each later reply and for the TLS handshake.", valueName: "SECONDS"))
    var replyTimeout: Double = 20

    @Option(
        help: ArgumentHelp("Connections open at once, in all; never more than one for each address.", valueName: "N"))
    var maxConnections: Int = 500

    @Option(help: ArgumentHelp("Seconds for a whole MTA-STS policy; RFC 8461 allows a minute.", valueName: "SECONDS"))
    var policyTimeout: Double = 60

    @Option(help: ArgumentHelp("New connections a second, in all. Default: 200; in a lab no limit.", valueName: "N"))
    var connectionsPerSecond: Int?

    @Option(help: ArgumentHelp("Domains or hosts looked up in DNS at once.", valueName: "N"))
    var maxLookups: Int = 200

    @Option(
        help: ArgumentHelp("Questions a second to each resolver. Default: 1000; in a lab no limit.", valueName: "N"))
    var queriesPerSecond: Int?

    func validate() throws {
        for (name, seconds) in [
            ("connect", connectTimeout), ("greeting", greetingTimeout), ("reply", replyTimeout),
        ] where !(0.001...86_400).contains(seconds) {
            throw ValidationError("--\(name)-timeout \(seconds) is not between 0.001 and 86400 seconds")
        }
        guard (0.001...60).contains(policyTimeout) else {
            throw ValidationError("--policy-timeout \(policyTimeout) is not between 0.001 and 60 seconds")
        }
        for (name, number) in [
            ("max-connections", maxConnections), ("connections-per-second", connectionsPerSecond ?? 200),
            ("max-lookups", maxLookups), ("queries-per-second", queriesPerSecond ?? 1_000),
        ] where !(1...100_000).contains(number) {
            throw ValidationError("--\(name) \(number) is not between 1 and 100000")
        }
    }

    func probeSettings(ehloName: EHLOName) -> ProbeSettings {
        ProbeSettings(
            ehloName: ehloName, connectTimeout: Int64(connectTimeout * 1_000),
            greetingTimeout: Int64(greetingTimeout * 1_000), replyTimeout: Int64(replyTimeout * 1_000))
    }
}
