// SPDX-License-Identifier: Apache-2.0

/// The waves of a scan, in their order.
public enum ScanStage: String, Sendable, CaseIterable {
    /// The lists are read into the database.
    case reading
    /// MX records of the domains.
    case domains
    /// Addresses of the mail hosts.
    case hosts
    /// The policy files of MTA-STS.
    case policies
    /// The mail hosts themselves.
    case endpoints
    /// Raw hellos to the addresses that speak TLS.
    case hellos
    /// Chains, names and domains are judged.
    case judging
}

/// Where a scan stands.
public struct ProgressReport: Sendable {
    /// The wave that runs.
    public var stage: ScanStage = .reading
    /// Units of this wave that are finished, those of earlier runs included.
    public var done = 0
    /// Units of this wave; nil while the lists are read.
    public var total: Int?
    /// Units finished since this run of the wave began.
    public var doneNow = 0
    /// Milliseconds since this run of the wave began.
    public var elapsedMilliseconds: Int64 = 0
    /// Connections open now.
    public var openConnections = 0
    /// Units of this wave and run without a conclusive answer.
    public var inconclusive = 0
    /// Units of this wave that were measured without a conclusive answer and are due once more; not among `done`.
    public var retrying = 0
    /// Questions and connections for which the opt-out list was asked.
    public var optOutChecks = 0
    /// Those of them that were not sent.
    public var optOutRefusals = 0
    /// How often a prefix was left in peace for its refusals.
    public var prefixPauses = 0
    /// How often everybody was.
    public var scanPauses = 0

    /// Units measured for the first time since this run of the wave began, with or without a conclusive answer.
    public var seenNow = 0
    /// Seconds until the last attempt of those that are due once more, in this wave or in one before, as far as it is
    /// scheduled or will be.
    public var retriesEndIn: Int?
    /// Seconds from a first attempt to the last of its retries.
    public var retriesLast = 0

    /// Units a second that were finished in this run of the wave.
    public var rate: Double {
        elapsedMilliseconds > 0 ? Double(doneNow) * 1_000 / Double(elapsedMilliseconds) : 0
    }

    /// Seconds until everything was measured, at most: at the rate so far until everything was measured once, and where
    /// some of it is due once more, until the last of that has had all its attempts. Who waits for its own time does not
    /// make the rest slower.
    public var remainingSeconds: Int? {
        guard let total, elapsedMilliseconds > 0 else { return nil }
        let unseen = max(0, total - done - retrying)
        guard unseen == 0 || seenNow > 0 else { return nil }
        let first = unseen == 0 ? 0 : Double(unseen) * Double(elapsedMilliseconds) / 1_000 / Double(seenNow)
        // Among those that are still unseen there will be some that have to be asked again, as there were before.
        let last = max(retriesEndIn ?? 0, unseen == 0 || retrying == 0 ? 0 : Int(first) + retriesLast)
        return max(Int(first.rounded(.up)), last)
    }
}
