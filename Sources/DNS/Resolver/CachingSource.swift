// SPDX-License-Identifier: Apache-2.0

import Observations

/// Messages for the validator: zone keys and DS records above all, which half the domains of a TLD share.
final class CachingSource: RecordSource {
    private let forwarder: Forwarder
    private let flags: QueryFlags
    private let messages: SharedQuestions<LookupReply>

    init(forwarder: Forwarder, flags: QueryFlags, options: ResolverOptions, clock: @escaping () -> Int64) {
        self.forwarder = forwarder
        self.flags = flags
        messages = SharedQuestions(options: options, clock: clock)
    }

    func lookup(_ question: Question) async -> LookupReply {
        if let known = messages.cached(question) { return known.value }
        return await messages.value(for: question) {
            let reply = await forwarder.ask(question, flags).reply
            return (reply, reply.lifetime, reply.estimatedBytes)
        }
    }

    /// Forgets the keys and delegations on the way to a name.
    func forgetZones(above name: DomainName) {
        var zone: DomainName? = name
        while let at = zone {
            messages.forget(Question(name: at, type: .dnskey))
            messages.forget(Question(name: at, type: .ds))
            zone = at.parent
        }
    }
}

/// Messages for a second opinion: asked afresh, of another resolver or with other flags, and kept only as long as the
/// opinion takes.
final class FreshSource: RecordSource {
    private let forwarder: Forwarder
    private let flags: QueryFlags
    private let avoided: DNSServer?
    private var known: [Question: LookupReply] = [:]

    init(forwarder: Forwarder, flags: QueryFlags, avoiding avoided: DNSServer?) {
        self.forwarder = forwarder
        self.flags = flags
        self.avoided = avoided
    }

    func lookup(_ question: Question) async -> LookupReply {
        if let reply = known[question] { return reply }
        let reply = await forwarder.ask(question, flags, avoiding: avoided).reply
        known[question] = reply
        return reply
    }
}

extension LookupReply {
    fileprivate var lifetime: Lifetime {
        switch self {
        case .message(let message): message.lifetime.map { .seconds($0) } ?? .none
        case .failure(let status): status.failureLifetime
        }
    }

    fileprivate var estimatedBytes: Int {
        switch self {
        case .message(let message): message.estimatedBytes
        case .failure: 300
        }
    }
}

extension LookupStatus {
    /// A failure of the name is remembered; one of ours ends when our trouble does.
    var failureLifetime: Lifetime { outcome.outcomeClass == .local ? .none : .failure }
}
