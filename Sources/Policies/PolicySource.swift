// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What the policies of a domain ask of DNS.
public enum PolicyQuestion: Hashable, Sendable {
    /// TXT.
    case texts(DomainName)
    /// A or AAAA.
    case addresses(DomainName, IPAddress.Family)
    /// MX.
    case exchanges(DomainName)
    /// NS.
    case nameServers(DomainName)
}

/// What DNS answered.
public struct PolicyAnswer: Hashable, Sendable {
    /// How the question ended, and how far the answer can be believed.
    public var status: LookupStatus
    /// The texts of TXT records, the strings of each joined (RFC 7208 §3.3, RFC 8461 §3.1, RFC 9989 §5).
    public var texts: [[UInt8]]
    /// The names that NS records lead to.
    public var names: [DomainName]
    /// How many records of the type asked for there are.
    public var count: Int
    /// Where the aliases end; nil where the name is none.
    public var aliasTarget: DomainName?

    /// Takes all of it.
    public init(
        status: LookupStatus, texts: [[UInt8]] = [], names: [DomainName] = [], count: Int,
        aliasTarget: DomainName? = nil
    ) {
        self.status = status
        self.texts = texts
        self.names = names
        self.count = count
        self.aliasTarget = aliasTarget
    }
}

/// Who answers: a validating resolver, or a table in a test.
public protocol PolicySource: AnyObject {
    /// Asks one question and follows its aliases.
    func answer(to question: PolicyQuestion) async -> PolicyAnswer
}

extension LookupStatus {
    /// What an answer is to those who read policies.
    enum Finding {
        /// There are records.
        case data
        /// The name has none of this type (RFC 2308 §2.2).
        case nodata
        /// The name does not exist.
        case nxdomain
        /// The answer fails validation, which a receiver sees as no answer.
        case bogus
        /// Nothing that could be believed.
        case trouble
    }

    /// See `Finding`.
    var finding: Finding {
        switch (security, outcome) {
        case (.bogus, _), (_, .bogus): .bogus
        case (_, .noerrorData): .data
        case (_, .noerrorNodata): .nodata
        case (_, .nxdomain): .nxdomain
        default: .trouble
        }
    }

    /// Whether the records, or that there are none, are known.
    var isAnswered: Bool { [.data, .nodata, .nxdomain].contains(finding) }
}
