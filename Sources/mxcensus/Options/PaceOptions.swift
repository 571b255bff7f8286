// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SMTP
import Scan

/// How long to wait for a peer, how much to do at once, and when to come again.
struct PaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Seconds for a TCP connection.", valueName: "SECONDS"))
    var connectTimeout: Double = 10

    @Option(
        help: ArgumentHelp("Seconds for a whole greeting; some servers hold it back on purpose.", valueName: "SECONDS"))
    var greetingTimeout: Double = 30

    @Option(help: ArgumentHelp("Seconds for each later reply and for the TLS handshake.", valueName: "SECONDS"))
    var replyTimeout: Double = 20

    @Option(
        help: ArgumentHelp(
            "Budgets for every endpoint, address, host, prefix, provider and for all: a file, `default` or `lab`. "
                + "Default: `lab` with --lab, else `default`.", valueName: "PACE"))
    var pace: String?

    @Option(help: ArgumentHelp("Seconds for a whole MTA-STS policy; RFC 8461 allows a minute.", valueName: "SECONDS"))
    var policyTimeout: Double = 60

    @Option(
        help: ArgumentHelp(
            "Times between the attempts at who could not be judged, as a multiple of 5 min, 35 min and 4 h; 0 for one "
                + "attempt only. Default: the pace's, which is 1, and 0 for `lab`.", valueName: "FACTOR"))
    var retryScale: Double?

    @Option(help: ArgumentHelp("Connections open at once, in all. Default: the pace's, which is 500.", valueName: "N"))
    var maxConnections: Int?

    @Option(
        help: ArgumentHelp(
            "New connections a second, in all. Default: the pace's, which is 200, and no limit for `lab`.",
            valueName: "N"))
    var connectionsPerSecond: Int?

    @Option(
        help: ArgumentHelp(
            "Domains or hosts looked up in DNS at once. Default: the pace's, which is 200.", valueName: "N"))
    var maxLookups: Int?

    @Option(
        help: ArgumentHelp(
            "Questions a second to each resolver. Default: the pace's, which is 1000, and no limit for `lab`.",
            valueName: "N"))
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
            ("max-connections", maxConnections), ("connections-per-second", connectionsPerSecond),
            ("max-lookups", maxLookups), ("queries-per-second", queriesPerSecond),
        ] {
            guard let number, !(1...100_000).contains(number) else { continue }
            throw ValidationError("--\(name) \(number) is not between 1 and 100000")
        }
        if let retryScale, !(0...100).contains(retryScale) {
            throw ValidationError("--retry-scale \(retryScale) is not between 0 and 100")
        }
    }

    func probeSettings(ehloName: EHLOName) -> ProbeSettings {
        ProbeSettings(
            ehloName: ehloName, connectTimeout: Int64(connectTimeout * 1_000),
            greetingTimeout: Int64(greetingTimeout * 1_000), replyTimeout: Int64(replyTimeout * 1_000))
    }

    /// The budgets: those of the pace, but for what was said on the command line.
    func budgets(lab: Bool) throws -> Pace {
        var budgets = try PaceFile.pace(named: pace ?? (lab ? "lab" : "default"))
        if let maxConnections { budgets[.global].concurrent = maxConnections }
        if let connectionsPerSecond { budgets[.global].perSecond = connectionsPerSecond }
        if let maxLookups { budgets[.resolver].concurrent = maxLookups }
        if let queriesPerSecond { budgets[.resolver].perSecond = queriesPerSecond }
        if let retryScale { budgets.retryScale = retryScale }
        return budgets
    }
}
