// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// What passed by during a handshake that the library does not keep, or keeps only when the handshake succeeds.
///
/// The certificates are kept as the bytes of the Certificate message (RFC 5246 §7.4.2, RFC 8446 §4.4.2), before anybody
/// has parsed them: the digest is that of what was sent, and a certificate that the library cannot read is seen too.
struct HandshakeNotes {
    /// As it came; whether the library goes by it is another matter.
    var serverHello: ServerHello?
    var sawHelloRetryRequest = false
    var sawSessionTicket = false
    /// Our empty Certificate message: what we answer when a server asks for one.
    var sentCertificate = false
    /// The last fatal one.
    var alertReceived: Int?
    /// The last warning, unless the server went on behind it, or only took leave.
    var warningReceived: Int?
    var alertSent: Int?
    private var certificateMessage: [UInt8]?
    private var certificateMessageIsTLS13 = false

    /// Asks the library to report every message of `ssl` to `notes`, which must outlive it.
    static func attach(_ notes: UnsafeMutablePointer<HandshakeNotes>, to ssl: OpaquePointer) {
        shim_SSL_set_msg_callback(
            ssl,
            { written, version, contentType, bytes, count, _, argument in
                guard let bytes, let argument, contentType == SSL3_RT_HANDSHAKE || contentType == SSL3_RT_ALERT
                else { return }
                let notes = argument.assumingMemoryBound(to: HandshakeNotes.self)
                let message = UnsafeRawBufferPointer(start: bytes, count: count)
                if contentType == SSL3_RT_ALERT {
                    notes.pointee.note(alert: message, sent: written == 1)
                } else {
                    notes.pointee.note(handshake: message, sent: written == 1, isTLS13: version == TLS1_3_VERSION)
                }
            }, notes)
    }

    private mutating func note(alert: UnsafeRawBufferPointer, sent: Bool) {
        guard alert.count == 2 else { return }
        let number = Int(alert[1])
        switch (Int32(alert[0]), sent) {
        case (SSL3_AL_FATAL, true): alertSent = number
        case (SSL3_AL_FATAL, false): alertReceived = number
        case (SSL3_AL_WARNING, false) where number != SSL3_AD_CLOSE_NOTIFY: warningReceived = number
        default: break
        }
    }

    private mutating func note(handshake message: UnsafeRawBufferPointer, sent: Bool, isTLS13: Bool) {
        guard let type = message.first.map(Int32.init) else { return }
        if sent {
            if type == SSL3_MT_CERTIFICATE { sentCertificate = true }
            return
        }
        warningReceived = nil
        switch type {
        case SSL3_MT_SERVER_HELLO:
            guard let hello = ServerHello(body: Array(message.dropFirst(4))[...]) else { return }
            if hello.isHelloRetryRequest { sawHelloRetryRequest = true } else { serverHello = hello }
        case SSL3_MT_NEWSESSION_TICKET:
            sawSessionTicket = true
        case SSL3_MT_CERTIFICATE:
            certificateMessage = Array(message.dropFirst(4))
            certificateMessageIsTLS13 = isTLS13
        default:
            break
        }
    }

    /// The chain as presented, DER, the host's certificate first; as far as the message can be read, and nil where there
    /// was none, or one without a list.
    var chain: [[UInt8]]? {
        guard var rest = certificateMessage?[...] else { return nil }
        var chain: [[UInt8]] = []
        // TLS 1.3 puts a request context before the list and extensions behind each certificate.
        if certificateMessageIsTLS13 { _ = Self.takeVector(lengthOctets: 1, from: &rest) }
        guard var list = Self.takeVector(lengthOctets: 3, from: &rest) else { return nil }
        while let certificate = Self.takeVector(lengthOctets: 3, from: &list) {
            chain.append(Array(certificate))
            if certificateMessageIsTLS13 { _ = Self.takeVector(lengthOctets: 2, from: &list) }
        }
        return chain
    }

    /// A vector with its length before it (RFC 8446 §3.4); nil where the bytes end early.
    private static func takeVector(lengthOctets: Int, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.count >= lengthOctets else { return nil }
        let count = rest.prefix(lengthOctets).reduce(0) { $0 << 8 | Int($1) }
        guard rest.count >= lengthOctets + count else { return nil }
        let vector = rest.dropFirst(lengthOctets).prefix(count)
        rest = rest.dropFirst(lengthOctets + count)
        return vector
    }
}
