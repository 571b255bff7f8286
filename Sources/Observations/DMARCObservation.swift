// SPDX-License-Identifier: Apache-2.0

/// What a domain owner asks receivers to do with mail that fails (RFC 9989 §4.7).
public enum DMARCPolicy: String, CaseIterable, Hashable, Sendable {
    /// Nothing.
    case none
    /// Treat it as suspicious.
    case quarantine
    /// Refuse it.
    case reject

    /// One step milder: what `t=y` asks for.
    public var milder: DMARCPolicy { self == .reject ? .quarantine : .none }
}

/// Which standard's rules a record was found and read by.
public enum DMARCRuleSet: String, CaseIterable, Hashable, Sendable {
    /// The tree walk; `t`, `np`, `psd`; no `pct`.
    case rfc9989
    /// The public suffix list; `pct`.
    case rfc7489
}

/// What DMARC says about a domain.
public struct DMARCObservation: Hashable, Sendable {
    /// Where the record that applies stands.
    public enum Place: String, CaseIterable, Hashable, Sendable {
        /// At the domain itself.
        case own = "self"
        /// At a domain above it: the organizational domain, or a public suffix.
        case organizational = "org"
    }

    /// What the domain of a report address says about reports on this domain (RFC 9990 §4).
    public enum Authorisation: String, CaseIterable, Hashable, Sendable {
        /// It is of the same organization: nobody has to be asked.
        case same
        /// It says that it wants them.
        case authorised
        /// It does not: receivers send nothing there.
        case unauthorised
        /// No conclusive answer.
        case unknown
    }

    /// The word.
    public var outcome: DMARCOutcome
    /// Whose rules were used.
    public var ruleSet: DMARCRuleSet
    /// Where the record that applies was found; nil where none applies.
    public var place: Place?
    /// The domain below whose `_dmarc` it stands.
    public var foundAt: DomainName?
    /// The domain below whose `_dmarc` stands what the word is about, which is the record to mend where one is broken. Not
    /// always `foundAt`: of a domain whose own records are discarded the word tells that, and the policy is from above.
    public var recordAt: DomainName?
    /// What receivers are asked to do for mail from this very domain, `t=y` or `pct=0` taken into account; nil where no
    /// policy applies.
    public var effective: DMARCPolicy?
    /// The aggregate report addresses and what their domains say.
    public var reports: [Report]
    /// What was published at `recordAt`.
    public var raw: PolicyText?
    /// How the question for it ended.
    public var status: LookupStatus

    /// One aggregate report address.
    public struct Report: Hashable, Sendable {
        /// Where to.
        public var uri: ReportURI
        /// What its domain says.
        public var authorisation: Authorisation

        /// Takes both.
        public init(uri: ReportURI, authorisation: Authorisation) {
            self.uri = uri
            self.authorisation = authorisation
        }
    }

    /// Takes all of it.
    public init(
        outcome: DMARCOutcome, ruleSet: DMARCRuleSet, place: Place? = nil, foundAt: DomainName? = nil,
        recordAt: DomainName? = nil, effective: DMARCPolicy? = nil, reports: [Report] = [], raw: PolicyText? = nil,
        status: LookupStatus
    ) {
        self.outcome = outcome
        self.ruleSet = ruleSet
        self.recordAt = recordAt
        self.place = place
        self.foundAt = foundAt
        self.effective = effective
        self.reports = reports
        self.raw = raw
        self.status = status
    }
}
