// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Observations
import Scan

/// How the survey knows that what it sees is the world.
struct CanaryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A mail server of your own in another network, with working STARTTLS; repeatable. It is looked at before the "
                + "scan and while it runs; where it is not well, the scan is aborted, and what was seen since it last was "
                + "is asked again by the next run. Default port: 25.", valueName: "HOST[:PORT]"),
        transform: Self.canary)
    var canary: [Canary] = []

    @Option(help: ArgumentHelp("Seconds between two looks at the canaries.", valueName: "SECONDS"))
    var canaryInterval: Double = 60

    func validate() throws {
        guard (0.1...3_600).contains(canaryInterval) else {
            throw ValidationError("--canary-interval \(canaryInterval) is not between 0.1 and 3600 seconds")
        }
    }

    func apply(to configuration: inout SurveyConfiguration) {
        configuration.canaries = canary
        configuration.canaryInterval = Int64(canaryInterval * 1_000)
    }

    /// `mx.example.org`, `mx.example.org:2525`, `192.0.2.1:25` or `[2001:db8::1]:25`.
    private static func canary(_ text: String) throws -> Canary {
        if let address = IPAddress(text) { return Canary(place: .address(address), port: 25) }
        var (host, port) = (text[...], 25)
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let given = UInt16(text[text.index(after: colon)...]), given > 0 else {
                throw ValidationError("--canary '\(text)' names no port from 1 to 65535 behind its colon")
            }
            (host, port) = (text[..<colon], Int(given))
        }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        if let address = IPAddress(bare) { return Canary(place: .address(address), port: port) }
        guard let name = try? DomainName(host), name.hasHostNameSyntax else {
            throw ValidationError("--canary '\(text)' is neither a host name nor an address, with or without :PORT")
        }
        return Canary(place: .name(name), port: port)
    }
}
