// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Observations
import Scan
import Store

/// One mail host, whoever's it is.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "One mail host: its addresses, and what each of them offers.",
        discussion: """
            Port 25 by default, with STARTTLS. `--port 587` is where users submit mail, with STARTTLS too; on 465 TLS comes \
            before the greeting (RFC 8314), and with `--implicit-tls` on any other port. TLSA records are those of the port.
            """
    )

    @Argument(help: ArgumentHelp("The mail host's name.", valueName: "HOST"))
    var host: String

    @Option(help: "text for a person, json for a program.")
    var format: OutputFormat = .text

    @Option(
        help: ArgumentHelp("The TCP port to probe, the same as --ports with one.", valueName: "PORT"),
        transform: { try PortList($0, option: "--port") })
    var port: PortList?

    @Flag(help: "TLS from the first octet, without STARTTLS, on every port that is probed.")
    var implicitTls = false

    @OptionGroup var options: MeasuringOptions

    func validate() throws {
        guard let port else { return }
        guard port.ports.count == 1 else { throw ValidationError("--port takes one port; --ports takes a list") }
        guard options.ports.ports == [25] else { throw ValidationError("give --port or --ports, not both") }
    }

    func run() async throws {
        let name = try NameArgument.domain(host)
        var configuration = try options.configuration()
        if let port { configuration.ports = port.ports }
        if implicitTls { configuration.probe.implicitTLSPorts.formUnion(configuration.ports) }
        let visit = try await Visit(.hosts([name]), configuration, decoders: options.tlsDecoders)
        guard let report = try visit.report(name), let host = report.hosts.first else {
            throw OptedOut(name: name)
        }
        if format == .json {
            var object = DomainPage.object(of: host)
            object["advice"] = Advice.lines(for: host)
            print(JSONText.object(object))
        } else {
            let lines = HostPage(host).lines(colours: Terminal.hasColours) + DomainPage.toMend(Advice.lines(for: host))
            print(lines.joined(separator: "\n"))
        }
    }
}
