// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// What passed by during a handshake that the library does not keep, or keeps only when the handshake succeeds.
///
/// The certificates are kept as the bytes of the Certificate message (RFC 5246 §7.4.2, RFC 8446 §4.4.2), before anybody
/// has parsed them: the digest is that of what was sent, and a certificate that the library cannot read is seen too.
struct HandshakeNotes {
    var sawServerHello = false
    var sawHelloRetryRequest = false
    var sawSessionTicket = false
    /// Our empty Certificate message: what we answer when a server asks for one.
    var sentCertificate = false
    var alertReceived: Int?
    var alertSent: Int?
    private var certificateMessage: [UInt8] = []
    private var certificateMessageIsTLS13 = false

    /// RFC 8446 §4.1.3: a ServerHello with this random is a HelloRetryRequest.
    private static let helloRetryRequestRandom: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]

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
        guard alert.count == 2, alert[0] == SSL3_AL_FATAL else { return }
        if sent { alertSent = Int(alert[1]) } else { alertReceived = Int(alert[1]) }
    }

    private mutating func note(handshake message: UnsafeRawBufferPointer, sent: Bool, isTLS13: Bool) {
        guard let type = message.first.map(Int32.init) else { return }
        if sent {
            if type == SSL3_MT_CERTIFICATE { sentCertificate = true }
            return
        }
        switch type {
        case SSL3_MT_SERVER_HELLO:
            if message.count >= 38, message[6..<38].elementsEqual(Self.helloRetryRequestRandom) {
                sawHelloRetryRequest = true
            } else {
                sawServerHello = true
            }
        case SSL3_MT_NEWSESSION_TICKET:
            sawSessionTicket = true
        case SSL3_MT_CERTIFICATE:
            certificateMessage = Array(message.dropFirst(4))
            certificateMessageIsTLS13 = isTLS13
        default:
            break
        }
    }

    /// The chain as presented, DER, the host's certificate first; as far as the message can be read.
    var chain: [[UInt8]] {
        var chain: [[UInt8]] = []
        var rest = certificateMessage[...]
        // TLS 1.3 puts a request context before the list and extensions behind each certificate.
        if certificateMessageIsTLS13 { _ = Self.takeVector(lengthOctets: 1, from: &rest) }
        guard var list = Self.takeVector(lengthOctets: 3, from: &rest) else { return [] }
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
