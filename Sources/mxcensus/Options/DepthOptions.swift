// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Scan

/// How much each mail server is asked.
struct DepthOptions: ParsableArguments {
    @Flag(
        help: """
            Asks every address everything there is to ask: SSLv3, each group, each suite, RSA and ECDSA certificates \
            apart; up to 40 connections.
            """)
    var deep = false

    @Option(help: ArgumentHelp("Asks only this share of the addresses everything: 0.01 is 1 %.", valueName: "SHARE"))
    var deepSample: Double?

    @Flag(help: "Measures every name, also where another name's handshake at the same address could stand for it.")
    var noInference = false

    func validate() throws {
        if let deepSample, !(0...1).contains(deepSample) {
            throw ValidationError("--deep-sample \(deepSample) is not between 0 and 1")
        }
        guard !deep || deepSample == nil else { throw ValidationError("give either --deep or --deep-sample") }
    }

    func apply(to configuration: inout SurveyConfiguration) {
        configuration.deepShare = deep ? 1 : deepSample ?? 0
        configuration.allowsInference = !noInference
    }
}
