// SPDX-License-Identifier: Apache-2.0
public import Observations

/// How the wait for an answer to a hello ended.
public enum HelloEnding: Hashable, Sendable {
    /// The reader has its answer.
    case answered
    /// The server closed the connection.
    case endOfStream
    /// The connection broke.
    case reset(errno: Int?)
    /// The answer did not come in time.
    case timeout
}

/// What the answer to a raw hello means. A pure function, so that each meaning is a test.
///
/// `ok` says that the server accepted what the profile stands for. Where it chose something else that TLS allows it to
/// choose, an older version or a modulus of its own, the word is the alert with which a client that insists would end
/// the handshake, and `alert` stays nil, since nobody sent one. What TLS does not allow is `bad_record`. Silence behind
/// a ServerHello takes nothing back.
extension TLSProbeObservation {
    /// Interprets what was read.
    /// - Parameters:
    ///   - offer: the hello that was sent.
    ///   - reader: what came back.
    ///   - ending: how the wait ended.
    public init(profile: HelloProfile, offer: ClientHello, reader: ServerHelloReader, ending: HelloEnding) {
        self.init(profile: profile, serverName: offer.serverName, outcome: .ok)
        if let hello = reader.hello { describe(hello, offer: offer) }
        switch (reader.answer, reader.hello) {
        case (.alert(let alert), _): refuse(alert)
        case (.notTLS, _): outcome = .notTLS
        case (.malformed(let what), _):
            outcome = .badRecord
            detail = what
        case (.complete, let hello?), (.closed, let hello?), (nil, let hello?):
            let judgement = Self.judge(hello, profile: profile, offer: offer)
            outcome = judgement.outcome
            detail = judgement.detail
            if judgement.isMissing { end(ending, warning: nil) }
        case (.complete, nil), (.closed, nil), (nil, nil):
            end(ending, warning: reader.warning)
        }
        // A sender could not have gone on to such a chain: it answers no question about certificates, nor about DANE.
        if outcome != .ok { chain = [] }
    }

    private mutating func describe(_ hello: ServerHello, offer: ClientHello) {
        version = hello.version
        cipher = hello.suite.name
        group = hello.group?.name
        dhBits = hello.dhBits
        signatureScheme = hello.signatureScheme?.name
        helloRetryRequest = hello.isHelloRetryRequest
        if profile.wantsChain { chain = hello.chain }
        guard hello.version < .tls13 else { return }
        // SSLv3 hellos have no room for the questions, and what was not asked is not known.
        if offer.versions.upperBound > .ssl3 {
            extendedMasterSecret = hello.extendedMasterSecret
            sessionTicket = hello.sessionTicket
        }
        secureRenegotiation = hello.secureRenegotiation
        if offer.offersCompression { compression = hello.compression != 0 }
    }

    private mutating func refuse(_ alert: TLSAlert) {
        outcome = TLSFailure.outcome(alert: Int(alert.description), afterOurCertificate: false)
        self.alert = Int(alert.description)
        detail = "alert \(alert.name)"
    }

    /// A server that hangs up behind a warning has said why.
    private mutating func end(_ ending: HelloEnding, warning: TLSAlert?) {
        detail = nil
        switch ending {
        case .answered, .endOfStream:
            outcome = .eof
            if let warning { refuse(warning) }
        case .reset(let number):
            outcome = .reset
            errno = number
            if let warning { refuse(warning) }
        case .timeout: outcome = .timeout
        }
    }

    private struct Judgement {
        var outcome: TLSOutcome
        var detail: String?
        /// The ServerHello alone does not answer the question, and the rest did not come.
        var isMissing = false
    }

    private static func judge(_ hello: ServerHello, profile: HelloProfile, offer: ClientHello) -> Judgement {
        func broken(_ what: String) -> Judgement { Judgement(outcome: .badRecord, detail: what) }

        guard hello.version <= offer.versions.upperBound else { return broken("chose \(hello.version.rawValue)") }
        guard hello.version >= offer.versions.lowerBound else {
            return Judgement(outcome: .alertProtocolVersion, detail: "chose \(hello.version.rawValue)")
        }
        guard offer.suites.contains(hello.suite) else { return broken("chose \(hello.suite), which was not offered") }
        guard hello.compression == 0 || offer.offersCompression && hello.compression == 1 else {
            return broken("chose compression \(hello.compression)")
        }
        if hello.version == .tls13 {
            guard hello.isHelloRetryRequest, let group = hello.group, offer.groups.contains(group) else {
                return broken(hello.isHelloRetryRequest ? "asked for another group" : "chose a key share of none")
            }
            return Judgement(outcome: .ok)
        }
        guard case .deepGroup(let number) = profile else { return Judgement(outcome: .ok) }
        guard hello.group?.rawValue != number else { return Judgement(outcome: .ok) }
        if hello.dhBits != nil { return Judgement(outcome: .alertHandshakeFailure, detail: "a modulus of its own") }
        guard let group = hello.group else { return Judgement(outcome: .ok, isMissing: true) }
        return broken("chose \(group), which was not offered")
    }
}

extension HelloProfile {
    /// How far the answer to this profile's hello is read: what is nightly stops where the question is answered, except
    /// that TLS 1.2 also shows how it signs the key exchange.
    public var depth: ServerHelloReader.Depth {
        switch self {
        case .tls12, .deepGroup, .deepGroups, .deepSuites, .deepRSA, .deepECDSA, .deepSSL3: .keyExchange
        case .full, .pq, .tls11, .tls10, .legacy: .hello
        }
    }
}
