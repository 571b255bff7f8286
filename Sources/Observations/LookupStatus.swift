// SPDX-License-Identifier: Apache-2.0

/// An Extended DNS Error (RFC 8914): a code and what the server wrote beside it.
public struct ExtendedDNSError: Hashable, Sendable {
    /// INFO-CODE.
    public let code: Int
    /// EXTRA-TEXT, empty where none was sent.
    public let text: String

    /// Takes the code and the text as sent.
    public init(code: Int, text: String = "") {
        self.code = code
        self.text = text
    }
}

/// How one DNS question ended: the outcome, what validation says of it, and the raw evidence.
public struct LookupStatus: Hashable, Sendable {
    /// What the question came to.
    public var outcome: DNSOutcome
    /// What validation says of the RRset or of the proof of its absence; of a chain of aliases, its weakest part.
    public var security: Security
    /// RCODE of the last response, extended by EDNS (RFC 6891 §6.1.3); nil where none came.
    public var rcode: Int?
    /// Why the security is what it is, in a sentence that names the zone and the key; nil for `secure`.
    public var reason: String?
    /// The error code that fits the reason: ours where we know better, else the resolver's.
    public var extendedError: ExtendedDNSError?
    /// Whether the chain of trust has a link with nothing but SHA-1 signatures (algorithms 5 and 7, RFC 9905).
    public var sha1Only: Bool

    /// A status; by default one without evidence.
    public init(
        outcome: DNSOutcome, security: Security, rcode: Int? = nil, reason: String? = nil,
        extendedError: ExtendedDNSError? = nil, sha1Only: Bool = false
    ) {
        self.outcome = outcome
        self.security = security
        self.rcode = rcode
        self.reason = reason
        self.extendedError = extendedError
        self.sha1Only = sha1Only
    }

    /// The status of a question that nobody asked.
    public static let notReached = LookupStatus(outcome: .notReached, security: .notReached)

    /// Whether our resolvers are gone: that says nothing about the name, and the question waits for them.
    public var isWithoutResolver: Bool { [.resolverDown, .networkError].contains(outcome) }
}
