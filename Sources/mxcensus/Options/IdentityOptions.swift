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

    /// The EHLO name; outside a lab it must be given or be the machine's own full name.
    func requiredName(lab: Bool) throws -> EHLOName {
        let name = ehloName ?? (lab ? "scanner.lab.invalid" : ProcessInfo.processInfo.hostName)
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
}
