// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Whether a certificate speaks for a host name (RFC 9525 §6).
///
/// Only DNS names of subjectAltName count (§6.3). They are compared label by label without regard to case, an
/// internationalised name as its A-label. `*` stands for exactly one label, and only as the whole of the left-most one;
/// at least two labels must stand behind it, as OpenSSL and danecheck want it: nobody speaks for a whole top-level
/// domain. A common name never makes a match under RFC 9525, but is reported where there is nothing else, because
/// DANE-TA accepts it (RFC 7672 §3.2.3); of several, each one.
public enum NameVerdict {
    /// Matches a certificate against one reference identifier.
    public static func match(_ certificate: CertificateFacts, reference: DomainName) -> NameMatch {
        match(dnsNames: certificate.sanDNS, commonNames: certificate.hostCNs, reference: reference)
    }

    /// Matches names against one reference identifier.
    ///
    /// - Parameters:
    ///   - dnsNames: the DNS names of subjectAltName, lower case.
    ///   - commonNames: the subject's common names that may stand in for DNS names.
    ///   - reference: the name that was to be reached, A-labels.
    public static func match(dnsNames: [String], commonNames: [String], reference: DomainName) -> NameMatch {
        let labels = reference.description.split(separator: ".", omittingEmptySubsequences: false)
        guard dnsNames.isEmpty else {
            let matches = dnsNames.map { match(presented: $0, reference: labels) }
            if matches.contains(.matchExact) { return .matchExact }
            return matches.contains(.matchWildcard) ? .matchWildcard : .mismatch
        }
        guard commonNames.contains(where: { !$0.isEmpty }) else { return .noNames }
        let isOneOfThem = commonNames.contains { name in
            // Letters beyond ASCII have capitals within it (the Kelvin sign is a K): no host name has such letters.
            name.utf8.allSatisfy { $0 < 0x80 } && match(presented: name.lowercased(), reference: labels) != .mismatch
        }
        return isOneOfThem ? .commonNameOnly : .mismatch
    }

    /// What holds of several certificates at once: the worst, and nothing where none was shown.
    public static func worst(_ matches: some Sequence<NameMatch>) -> NameMatch {
        let found = Set(matches)
        return worstFirst.first { found.contains($0) } ?? .notReached
    }

    private static let worstFirst: [NameMatch] = [
        .noNames, .mismatch, .commonNameOnly, .matchWildcard, .matchExact, .notMeasured,
    ]

    private static func match(presented: String, reference: [Substring]) -> NameMatch {
        let labels = presented.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count == reference.count, !labels.contains("") else { return .mismatch }
        if labels == reference { return .matchExact }
        guard labels[0] == "*", labels.count >= 3, labels.dropFirst() == reference.dropFirst() else { return .mismatch }
        return .matchWildcard
    }
}
