// SPDX-License-Identifier: Apache-2.0

/// What a domain's MTA-STS record says (RFC 8461 §3.1).
public struct STSRecordObservation: Hashable, Sendable {
    /// The word.
    public var outcome: STSRecordOutcome
    /// `id`, which changes when the policy does.
    public var id: String?
    /// What was published at `_mta-sts`.
    public var raw: PolicyText?
    /// How the question ended.
    public var status: LookupStatus
    /// Where `_mta-sts` is an alias to: who runs the policy for the domain; nil where it is none.
    public var aliasTarget: DomainName?

    /// Takes all of it.
    public init(
        outcome: STSRecordOutcome, id: String? = nil, raw: PolicyText? = nil, status: LookupStatus,
        aliasTarget: DomainName? = nil
    ) {
        self.outcome = outcome
        self.id = id
        self.raw = raw
        self.status = status
        self.aliasTarget = aliasTarget
    }
}

/// What fetching a policy came to (RFC 8461 §3.3).
///
/// One GET of `https://mta-sts.<domain>/.well-known/mta-sts.txt`, addresses from our own look-ups, SNI and certificate
/// for the policy host, no redirect followed. The certificate is judged before the response is read.
public struct STSPolicyFetch: Hashable, Sendable {
    /// A policy has at most so many octets (§3.2: senders may limit it, 64 KB is the example).
    public static let bodyLimit = 65_536
    /// A fetch takes at most so many milliseconds (§3.3: one minute).
    public static let timeLimit = 60_000

    /// The word.
    public var outcome: STSFetchOutcome
    /// The status of the response; nil where there was none.
    public var httpStatus: Int?
    /// The Content-Type field as sent.
    public var contentType: String?
    /// The body, whole; nil unless the status was 200 and it came to its end within the limits.
    public var body: [UInt8]?
    /// SHA-256 of the body, in hex; nil where there is none.
    public var bodySHA256: String?
    /// SHA-256 of the certificate that the policy host showed, in hex.
    public var certificateSHA256: String?
    /// Where `mta-sts.<domain>` is an alias to; nil where it is none.
    public var aliasTarget: DomainName?

    /// Takes all of it.
    public init(
        outcome: STSFetchOutcome, httpStatus: Int? = nil, contentType: String? = nil, body: [UInt8]? = nil,
        bodySHA256: String? = nil, certificateSHA256: String? = nil, aliasTarget: DomainName? = nil
    ) {
        self.outcome = outcome
        self.httpStatus = httpStatus
        self.contentType = contentType
        self.body = body
        self.bodySHA256 = bodySHA256
        self.certificateSHA256 = certificateSHA256
        self.aliasTarget = aliasTarget
    }

    /// There was no record to fetch for.
    public static let notReached = STSPolicyFetch(outcome: .notReached)
    /// This scan fetches nothing.
    public static let notMeasured = STSPolicyFetch(outcome: .notMeasured)
}

/// What a policy file says (RFC 8461 §3.2).
public struct STSPolicyObservation: Hashable, Sendable {
    /// What the policy asks of senders.
    public enum Mode: String, CaseIterable, Hashable, Sendable {
        /// Deliver to hosts that match and verify, or not at all.
        case enforce
        /// Deliver anyway, and report.
        case testing
        /// There is no policy any more.
        case none
    }

    /// Remarks on a policy; several can hold at once.
    public enum Flag: String, CaseIterable, Hashable, Sendable {
        /// A key appears again; the first one counts.
        case duplicateKeyIgnored = "dup_key_ignored"
        /// A key that RFC 8461 does not know, which is ignored.
        case unknownKey = "unknown_key"
        /// Lines that end with CR alone, which is no line end.
        case crOnly = "cr_only"
        /// A day or less: senders forget the policy before a blocked renewal is noticed (RFC 8461 §10.2).
        case maxAgeShort = "max_age_short"
    }

    /// The word.
    public var outcome: STSPolicyOutcome
    /// `mode`, also where something else is wrong; nil where it is missing or no mode.
    public var mode: Mode?
    /// `max_age`, in seconds, also where something else is wrong; nil where it is missing or none.
    public var maxAge: Int?
    /// The `mx` values that are some in their order, lower case.
    public var patterns: [String]
    /// Remarks, in the order of the vocabulary.
    public var flags: [Flag]
    /// The number of the first line that is wrong, from 1; nil where none is, or where something is missing.
    public var line: Int?

    /// Takes all of it.
    public init(
        outcome: STSPolicyOutcome, mode: Mode? = nil, maxAge: Int? = nil, patterns: [String] = [], flags: [Flag] = [],
        line: Int? = nil
    ) {
        self.outcome = outcome
        self.mode = mode
        self.maxAge = maxAge
        self.patterns = patterns
        self.flags = flags
        self.line = line
    }
}
