// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What is asked for: a name and a type, always of class IN (RFC 1035 §4.1.2).
public struct Question: Hashable, Sendable {
    /// QNAME.
    public let name: DomainName
    /// QTYPE.
    public let type: RecordType

    /// Takes both.
    public init(name: DomainName, type: RecordType) {
        self.name = name
        self.type = type
    }
}

extension Question: CustomStringConvertible {
    /// `example.org MX`.
    public var description: String { "\(name) \(type)" }
}

/// What a question to the resolvers came to: a message that can be judged, or the way in which none was to be had.
public enum LookupReply: Sendable {
    /// A response to the question, NOERROR or NXDOMAIN, complete.
    case message(Message)
    /// No such response; the status says why, its security is not yet judged.
    case failure(LookupStatus)
}

/// Where DNS messages come from: asked with DO and CD (RFC 4035 §3.2.2), so that the data comes whether or not
/// the resolver believes it; cached, coalesced and retried by whoever stands behind this.
public protocol RecordSource: AnyObject {
    /// Asks one question.
    func lookup(_ question: Question) async -> LookupReply
}
