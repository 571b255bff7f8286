// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What a set of MX records says (RFC 5321 §5.1, RFC 7505): its shape, its oddities, and the hosts that mail can go to.
///
/// A pure function of the records. `MX 0 .` alone is the null MX; other uses of `.` are mistakes, each with its word.
/// Targets that no sender can use are left out: address literals, `localhost`, names that are no host names. A single
/// label is odd and usable.
public struct MXReading: Hashable, Sendable {
    /// How many hosts of one domain are followed, by default.
    public static let defaultLimit = 32

    /// One of the shapes of an answer that has records.
    public let shape: MXShape
    /// Remarks that the records alone give rise to, in the order of the vocabulary.
    public let flags: [MXFlag]
    /// Usable hosts, by preference and then by name, each once with its least preference, at most as many as allowed.
    public let exchanges: [MailExchange]

    /// Reads at least one record.
    public init(_ records: [MailExchange], limit: Int = defaultLimit) {
        let hosts = records.filter { !$0.host.isRoot }
        var seen: Set<DomainName> = []
        let distinct = hosts.sorted { ($0.preference, $0.host) < ($1.preference, $1.host) }
            .filter { seen.insert($0.host).inserted }
        let usable = distinct.filter(\.host.isUsableTarget)

        switch (hosts.count, records.count) {
        case (0, 1): shape = records.allSatisfy { $0.preference == 0 } ? .nullMx : .nullMxNonzeroPref
        case let (named, all) where named < all: shape = .nullMxMixed
        default: shape = usable.isEmpty ? .allTargetsInvalid : .explicit
        }
        exchanges = Array(usable.prefix(limit))
        let remarks: [(MXFlag, Bool)] = [
            (.targetSingleLabel, hosts.contains { $0.host.labelCount == 1 }),
            (.duplicateTarget, distinct.count < hosts.count),
            (.truncatedAtLimit, usable.count > limit),
        ]
        flags = remarks.filter(\.1).map(\.0)
    }
}

extension DomainName {
    /// Whether a sender can make anything of the name as an MX target.
    fileprivate var isUsableTarget: Bool {
        hasHostNameSyntax && !isAddressLiteral && !isLocalhost
    }
}
