// SPDX-License-Identifier: Apache-2.0

import Observations

/// What the bytes of one response mean for the question, before anybody validates.
enum Response {
    /// NOERROR or NXDOMAIN, complete.
    case message(Message)
    /// TC: ask again over TCP (RFC 2181 §9).
    case truncated
    /// Nothing to be used from this resolver; the status says why.
    case failure(LookupStatus)

    init(_ bytes: [UInt8], to question: Question) {
        let message: Message
        do {
            message = try Message(parsing: bytes)
        } catch {
            // A header can still say that the rest did not fit: a resolver may cut wherever it likes.
            let isTruncated = bytes.count >= 12 && bytes[2] & 0x82 == 0x82
            self = isTruncated ? .truncated : .failure(.unreadable("the response cannot be read: \(error)"))
            return
        }
        guard message.isResponse else {
            self = .failure(.unreadable("a query came back instead of a response"))
            return
        }
        if let asked = message.question, asked != question {
            self = .failure(.unreadable("the response is to another question, \(asked)"))
        } else if message.question == nil, DNSOutcome(failedRCODE: message.rcode) == nil {
            self = .failure(.unreadable("the response repeats no question", rcode: message.rcode))
        } else if message.isTruncated {
            self = .truncated
        } else if let failure = message.resolversOwnDoing {
            self = .failure(failure)
        } else if let outcome = DNSOutcome(failedRCODE: message.rcode), !message.isOverlongAlias {
            self = .failure(
                LookupStatus(
                    outcome: outcome, security: .indeterminate, rcode: message.rcode,
                    reason: "the resolver answers RCODE \(message.rcode)",
                    extendedError: message.extendedErrors.first))
        } else if message.isReferral {
            self = .failure(.unreadable("a referral instead of an answer: the server asked is no resolver", rcode: 0))
        } else {
            self = .message(message)
        }
    }
}

extension DNSOutcome {
    /// The word for an RCODE that is no answer; nil for NOERROR and NXDOMAIN. RCODEs without a word of their own are
    /// failures of the server like any other; the number is kept beside.
    init?(failedRCODE rcode: Int) {
        switch rcode {
        case 0, 3: return nil
        case 1: self = .formerr
        case 4: self = .notimp
        case 5: self = .refused
        default: self = .servfail
        }
    }
}

extension LookupStatus {
    fileprivate static func unreadable(_ reason: String, rcode: Int? = nil) -> LookupStatus {
        LookupStatus(outcome: .servfail, security: .indeterminate, rcode: rcode, reason: reason)
    }
}

extension Message {
    /// What the resolver itself confesses (RFC 8914): an answer that it forged, filtered or refused by its own policy
    /// says nothing about the name but that we need another resolver (§§4.5, 4.16-4.19). A stale one (§§4.4, 4.20) is
    /// what stands where SERVFAIL would have stood: the name's servers are out of reach.
    fileprivate var resolversOwnDoing: LookupStatus? {
        for error in extendedErrors {
            let outcome: DNSOutcome
            let what: String
            switch error.code {
            case 4, 15, 16, 17, 18: (outcome, what) = (.localError, "the resolver does not give the true answer")
            case 3, 19: (outcome, what) = (.servfail, "the resolver has only a stale answer")
            default: continue
            }
            return LookupStatus(
                outcome: outcome, security: .indeterminate, rcode: rcode,
                reason: "\(what): extended error \(error.code)", extendedError: error)
        }
        return nil
    }

    /// RFC 6672 §2.2: YXDOMAIN says that a DNAME leads to a name that is too long.
    fileprivate var isOverlongAlias: Bool { rcode == 6 && answer.contains { $0.type == .dname } }

    /// RFC 2308 §2.2.1: no answer, NS and no SOA in the authority section. It says nothing about the name, and must
    /// not pass for NODATA.
    var isReferral: Bool {
        rcode == 0 && answer.isEmpty && authority.contains { $0.type == .ns } && !authority.contains { $0.type == .soa }
    }

    /// Seconds for which the message may be kept: the least TTL of the answer, for a denial that of RFC 2308 §5; nil
    /// for a denial without SOA, which must not be kept.
    var lifetime: UInt32? {
        let shortest = answer.map(\.ttl).min()
        guard isDenial else { return shortest }
        guard let negative = authority.first(where: { $0.type == .soa })?.negativeTTL else { return nil }
        return min(negative, shortest ?? .max)
    }

    private var isDenial: Bool {
        guard rcode == 0, let question else { return rcode != 0 }
        return !answer.contains { $0.type == question.type }
    }

    /// Bytes that the message occupies, roughly.
    var estimatedBytes: Int {
        (answer + authority + additional).reduce(200) { $0 + $1.estimatedBytes }
    }
}

extension RRset {
    /// Bytes that the RRset occupies, roughly: an array costs 32 bytes beside its elements.
    var estimatedBytes: Int {
        rdatas.reduce(120 + owner.wire.count) { $0 + 40 + $1.count } + signatures.count * 400
    }
}
