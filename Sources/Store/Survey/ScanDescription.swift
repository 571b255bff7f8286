// SPDX-License-Identifier: Apache-2.0
public import Observations

/// What makes a scan the scan it is: written to `scans` when it begins. Two runs with the same `configSHA256` are the
/// same scan, so that the second one resumes the first.
public struct ScanDescription: Hashable, Sendable {
    /// How DNSSEC is established.
    public enum DNSSECMode: String, Sendable {
        /// By validating here.
        case validate
        /// By believing the resolver's AD bit.
        case trustAD = "trust_ad"
        /// Not at all.
        case off
    }

    /// When this run began.
    public var startedAt: Timestamp
    /// Version and commit of the program.
    public var toolVersion: String
    /// Lower-case hex SHA-256 over everything that changes what is measured: options, lists, opt-outs.
    public var configSHA256: String
    /// How DNSSEC is established.
    public var dnssecMode: DNSSECMode
    /// Where the scan looks from.
    public var vantageID: String?
    /// The list's file name or title.
    public var listName: String?
    /// The publisher's identifier of the list.
    public var listID: String?
    /// Lower-case hex SHA-256 of the list.
    public var listSHA256: String?
    /// Name and date of the root store.
    public var rootStore: String?
    /// Lower-case hex SHA-256 of the root store.
    public var rootStoreSHA256: String?
    /// The version of OpenSSL in use.
    public var opensslVersion: String?
    /// The version of ldns in use.
    public var ldnsVersion: String?

    /// The name behind EHLO. Local, never released.
    public var ehloName: String?
    /// The address for complaints. Local, never released.
    public var contact: String?
    /// The page that explains the survey. Local, never released.
    public var infoURL: String?

    /// Lower-case hex SHA-256 over what those who are surveyed notice, whatever the lists are. Local, never released.
    public var conductSHA256 = ""
    /// Whether this is the survey of few that comes before that of many. Local, never released.
    public var isDryRun = false

    /// Takes what every scan has; the rest can be set afterwards.
    public init(startedAt: Timestamp, toolVersion: String, configSHA256: String, dnssecMode: DNSSECMode) {
        self.startedAt = startedAt
        self.toolVersion = toolVersion
        self.configSHA256 = configSHA256
        self.dnssecMode = dnssecMode
    }
}

/// How a scan stands at its end.
public enum ScanStatus: String, Sendable {
    /// Everything in the list was measured.
    case complete
    /// It was stopped, and can be resumed.
    case partial
    /// The canary said that our own network changes what is seen.
    case abortedCanary = "aborted_canary"
    /// Somebody asked us to stop.
    case abortedComplaint = "aborted_complaint"
}

/// How a run of `scan` meets the database.
public enum ScanBeginning: Hashable, Sendable {
    /// Nothing of this configuration was there.
    case new
    /// An unfinished scan goes on, for the so-manieth time.
    case resumed(count: Int)
    /// The scan is complete since then; there is nothing to do.
    case alreadyComplete(at: String)
}
