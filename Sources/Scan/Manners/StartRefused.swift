// SPDX-License-Identifier: Apache-2.0
public import DNS
public import Observations

/// Why a survey of strangers is not begun: everything that is missing, at once, and how to mend it.
public struct StartRefused: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that a survey owes to those whom it asks.
    public enum Missing: Sendable, Hashable {
        /// A name behind EHLO.
        case name
        /// The same, forward-confirmed, for an address that we come from.
        case confirmation(DomainName, IPAddress, ForwardConfirmation)
        /// An address that the world can see.
        case publicAddress(IPAddress)
        /// A way to the internet.
        case route([IPAddress.Family])
        /// A mailbox for complaints.
        case contact(String?)
        /// A page that explains the survey.
        case infoPage(String?)
        /// A file for those who want to be left alone.
        case optOutFile
        /// A dry run with the same configuration.
        case dryRun
    }

    /// In the order in which they are mended.
    public let missing: [Missing]

    /// nil where nothing is missing.
    init?(_ missing: [Missing]) {
        guard !missing.isEmpty else { return nil }
        self.missing = missing
    }

    /// A line for each.
    public var description: String {
        "this survey is not begun, since it would ask strangers and owes them:\n"
            + missing.map { "  * \($0)\n" }.joined()
            + "The README tells why. --lab lifts all of this, for servers of your own."
    }
}

extension StartRefused.Missing: CustomStringConvertible {
    /// What is missing, and what to do.
    public var description: String {
        switch self {
        case .name:
            "a name: --ehlo-name scanner.example.org, which must resolve to the address that we come from, and the "
                + "address's PTR record back to it"
        case .confirmation(let name, let address, let found): Self.confirmation(name, address, found)
        case .publicAddress(let address):
            "an address that the world can see: this machine speaks from \(address); behind address translation, name "
                + "the public one with --source"
        case .route(let families):
            "a way to the internet: there is no route over IPv\(families.map { "\($0.rawValue)" }.joined(separator: " or IPv"))"
        case .contact(let given):
            "a mailbox for complaints that somebody reads: --contact survey@example.org"
                + (given.map { "; '\($0)' is none" } ?? "")
        case .infoPage(let given):
            "a page that explains the survey: --info-url https://example.org/survey"
                + (given.map { "; '\($0)' is none" } ?? "") + " (`mxcensus info-page` writes it)"
        case .optOutFile:
            "a file of those who want to be left alone, which may be empty: --opt-out FILE"
        case .dryRun:
            "a dry run of at most \(DryRun.mostDomains) domains with the same options into the same file: the same "
                + "command with --dry-run"
        }
    }

    private static func confirmation(
        _ name: DomainName, _ address: IPAddress, _ found: ForwardConfirmation
    ) -> String {
        let type = address.family == .v4 ? "A" : "AAAA"
        switch found {
        case .confirmed: return "nothing: \(name) and \(address) confirm each other"
        case .otherAddresses(let others):
            let known = others.isEmpty ? "has none" : "has " + others.map(\.description).joined(separator: ", ")
            return "a name that leads to us: \(name) needs a record \(type) \(address), and \(known)"
        case .otherNames(let others):
            let known = others.isEmpty ? "has none" : "leads to " + others.map(\.description).joined(separator: ", ")
            return "an address that leads to its name: \(address) needs a PTR record with \(name), and \(known) "
                + "(or do without IPv\(address.family.rawValue): --families)"
        case .unanswered(let question, let outcome):
            return "a name that can be checked: the resolver's answer to \(question) is \(outcome.rawValue)"
        }
    }
}

/// A survey of few, which comes before that of many.
public enum DryRun {
    /// So many domains at most.
    public static let mostDomains = 100
}
