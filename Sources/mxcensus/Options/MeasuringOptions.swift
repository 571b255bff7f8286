// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DNS
import Foundation
import Lists
import Observations
import Scan
import TLS

/// The options that every measuring command shares.
struct MeasuringOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Recursive resolver to ask; repeatable. Default: those of /etc/resolv.conf.", valueName: "IP[:PORT]"))
    var resolver: [String] = []

    @Option(help: ArgumentHelp("DS or DNSKEY lines to trust. Default: the root's.", valueName: "FILE"))
    var trustAnchor: String?

    @Option(help: ArgumentHelp("Who validates: this program, a resolver on this machine, or nobody."))
    var dnssec: DNSSECMode = .validate

    @Option(help: ArgumentHelp("Zones signed with SHA-1 alone: validate, or count as unsigned (RFC 9905)."))
    var sha1Dnssec: SHA1Policy = .validate

    @Option(help: ArgumentHelp("Whose rules for DMARC: the walk up the tree, or the public suffix list."))
    var dmarc: DMARCRuleSet = .rfc9989

    @Option(
        help: ArgumentHelp("The trusted roots, as PEM.", valueName: "FILE"))
    var caFile: String = "/etc/ssl/certs/ca-certificates.crt"

    @Option(
        help: ArgumentHelp(
            "How much of OpenSSL reads certificates during handshakes: what TLS needs, or all. Results are the same."))
    var tlsDecoders: TLSContext.Decoders = .lean

    @Option(
        help: ArgumentHelp(
            "TCP ports to probe, separated by commas; on 465 TLS comes first, on others STARTTLS is asked for.",
            valueName: "LIST"), transform: { try PortList($0, option: "--ports") })
    var ports: PortList = PortList(ports: [25])

    @Option(help: ArgumentHelp("The port of policy hosts (RFC 8461): 443 but in tests.", valueName: "PORT"))
    var httpsPort: Int = 443

    @Option(help: ArgumentHelp("Address families to use.", valueName: "4|6|4,6"))
    var families: FamilyList = FamilyList(families: [.v4, .v6])

    @Option(
        help: ArgumentHelp(
            "The moment for which signatures and certificates are judged. Default: now.", valueName: "RFC3339"))
    var time: Timestamp?

    @OptionGroup(title: "Who asks")
    var identity: IdentityOptions

    @OptionGroup(title: "Whose networks")
    var origins: OriginOptions

    @OptionGroup(title: "Patience and pace")
    var pace: PaceOptions

    @OptionGroup(title: "How much is asked")
    var depth: DepthOptions

    @Flag(help: "For a lab: allows special-use addresses and lifts the limits that protect others.")
    var lab = false

    /// All of it as the configuration of a survey; throws what a person can mend. A name behind EHLO may be missing where
    /// somebody else looks for it.
    func configuration(isNameChecked: Bool = false) throws -> SurveyConfiguration {
        let name = try identity.requiredName(isChecked: lab || isNameChecked)
        var configuration = SurveyConfiguration(
            lookups: try lookupConfiguration(), caFile: caFile, probe: pace.probeSettings(ehloName: name))
        configuration.ports = ports.ports
        configuration.families = families.families
        configuration.dmarcRules = dmarc
        configuration.isLab = lab
        configuration.contact = identity.contact
        configuration.infoURL = identity.infoUrl
        configuration.policyFetch = try policyFetch()
        configuration.tables = try origins.tables()
        configuration.optOut = lab ? try identity.optOutList() : try identity.optOutList(configuration.tables)
        configuration.optOutFile = identity.optOut
        configuration.pace = try pace.budgets(lab: lab)
        depth.apply(to: &configuration)
        return configuration
    }

    /// Who fetches policies says so, and where one can complain.
    private func policyFetch() throws -> PolicyFetchSettings {
        guard (1...65_535).contains(httpsPort) else {
            throw ValidationError("--https-port \(httpsPort) is not between 1 and 65535")
        }
        var settings = PolicyFetchSettings()
        settings.port = httpsPort
        settings.timeLimit = Int64(pace.policyTimeout * 1_000)
        settings.userAgent = identity.userAgent
        return settings
    }

    /// The part that concerns DNS.
    func lookupConfiguration() throws -> LookupConfiguration {
        var configuration = LookupConfiguration(servers: try servers(), anchors: try anchors())
        configuration.mode = dnssec
        configuration.sha1 = sha1Dnssec
        configuration.validationTime = time
        configuration.queriesPerSecond = try pace.budgets(lab: lab)[.resolver].perSecond ?? 0
        return configuration
    }

    private func servers() throws -> [DNSServer] {
        let texts = resolver.isEmpty ? Self.systemResolvers() : resolver
        guard !texts.isEmpty else {
            throw ValidationError("no resolver: /etc/resolv.conf names none; say --resolver IP[:PORT]")
        }
        return try texts.map { text in
            guard let server = DNSServer(text) else {
                throw ValidationError(
                    "--resolver '\(text)' is no IP[:PORT]; write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53")
            }
            return server
        }
    }

    private func anchors() throws -> [TrustAnchor] {
        guard let trustAnchor else { return TrustAnchor.root }
        let text: String
        do {
            text = try String(contentsOfFile: trustAnchor, encoding: .utf8)
        } catch {
            throw FileProblem(path: trustAnchor, doing: "read", error: error)
        }
        do {
            return try TrustAnchor.parse(text)
        } catch {
            throw BadTrustAnchor(path: trustAnchor, error: "\(error)")
        }
    }

    private static func systemResolvers() -> [String] {
        let text = (try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" }
            return words.count >= 2 && words[0] == "nameserver" ? String(words[1]) : nil
        }
    }
}

/// A file of trust anchors that cannot be understood: nothing would be secure, so nothing is begun.
struct BadTrustAnchor: Error, CustomStringConvertible {
    let path: String
    let error: String

    var description: String { "\(path), \(error); it should hold DS or DNSKEY records as a zone file writes them" }
}
