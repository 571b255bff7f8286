// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Lists
import Observations
import SMTP
import Scan

/// Who asks, and whom not to ask.
struct IdentityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Our own name behind EHLO, which should resolve to our address and back.", valueName: "FQDN")
    )
    var ehloName: String?

    @Option(help: ArgumentHelp("E-mail address for complaints, kept with the scan.", valueName: "ADDRESS"))
    var contact: String?

    @Option(help: ArgumentHelp("Page that explains the survey, kept with the scan.", valueName: "URL"))
    var infoUrl: String?

    @Option(
        help: ArgumentHelp(
            "Domains, hosts, addresses and prefixes that are never asked for nor contacted.", valueName: "FILE"))
    var optOut: String?

    @Option(
        help: ArgumentHelp(
            "The address that the world sees us come from, where this machine has another one (NAT); repeatable.",
            valueName: "IP"))
    var source: [String] = []

    func validate() throws {
        for address in source where IPAddress(address) == nil {
            throw ValidationError("--source '\(address)' is no IP address")
        }
    }

    /// Who surveys.
    var identity: SurveyIdentity {
        SurveyIdentity(
            ehloName: ehloName, contact: contact, infoURL: infoUrl, optOutFile: optOut,
            sources: source.compactMap { IPAddress($0) })
    }

    /// The EHLO name. Where one person asks about one domain, the machine's own full name will do; in a lab any, and for a
    /// survey that is checked before it begins.
    func requiredName(isChecked: Bool) throws -> EHLOName {
        let name = ehloName ?? (isChecked ? "scanner.invalid" : ProcessInfo.processInfo.hostName)
        do {
            return try EHLOName(name)
        } catch {
            throw ValidationError(
                ehloName == nil
                    ? "this machine has no full host name to say behind EHLO; give one with --ehlo-name"
                    : "--ehlo-name '\(name)' is neither a full host name nor an address literal in brackets")
        }
    }

    /// The User-Agent field of our requests (RFC 9110 §10.1.5), with what a server's owner may want to know. Octets that
    /// have no place in a comment are left out.
    var userAgent: String {
        let about = [infoUrl.map { "+\($0)" }, contact].compactMap(\.self).joined(separator: "; ")
        let comment = about.filter { $0.isASCII && !"()\\".contains($0) && $0 >= " " && $0 != "\u{7F}" }
        return "mxcensus/\(toolVersion)" + (comment.isEmpty ? "" : " (\(comment))")
    }

    /// The opt-out list; empty where no file is named.
    func optOutList() throws -> OptOutList {
        guard let optOut else { return OptOutList() }
        return try OptOutList(path: optOut, at: .now)
    }

    /// The same for those who connect: an entry that could not be obeyed is an error.
    func optOutList(_ tables: AddressTables) throws -> OptOutList {
        guard let optOut else { return OptOutList() }
        return try OptOutList(path: optOut, at: .now, tables: tables)
    }
}
