// SPDX-License-Identifier: Apache-2.0
import Observations

/// Reads a server's answer to a hello, in whatever segments it comes: records (RFC 8446 §5.1), and in them an alert or
/// the first messages of the handshake, as far as they are in clear.
///
/// It holds no more than 64 KiB of one answer, decrypts nothing and believes nothing.
public struct ServerHelloReader: Sendable {
    /// How far to read.
    public enum Depth: Sendable {
        /// To the ServerHello.
        case hello
        /// Before TLS 1.3, on to ServerKeyExchange, which the server sends in the same flight.
        case keyExchange
    }

    /// How the answer ended by itself.
    public enum Answer: Hashable, Sendable {
        /// `hello` holds all that was to be read.
        case complete
        /// The server refuses.
        case alert(TLSAlert)
        /// The server takes leave (close_notify, RFC 8446 §6.1), by an alert of whichever level.
        case closed
        /// These octets are no TLS.
        case notTLS
        /// These are TLS records, and something in them breaks the protocol: what, in words for people.
        case malformed(String)
    }

    /// What the server chose, as soon as it is known, also where the answer broke off behind it.
    public private(set) var hello: ServerHello?
    /// The last alert that was only a warning: what a server that then hangs up had to say.
    public private(set) var warning: TLSAlert?
    /// The answer, as soon as it is known.
    public private(set) var answer: Answer?

    /// RFC 8446 §5.1: no plaintext record is longer.
    static let recordLimit = 1 << 14
    static let totalLimit = 1 << 16

    private let depth: Depth
    private var records: [UInt8] = []
    private var handshake: [UInt8] = []
    private var total = 0

    /// A reader of one answer.
    public init(depth: Depth) {
        self.depth = depth
    }

    /// Takes the next octets; the answer, or nil while more are needed. After the answer nothing is read.
    public mutating func receive(_ octets: [UInt8]) -> Answer? {
        guard answer == nil else { return answer }
        total += octets.count
        records += octets
        answer = readRecords()
        if answer == nil, total > Self.totalLimit { answer = tooMuch("more than 64 KiB without an answer") }
        if answer != nil { (records, handshake) = ([], []) }
        return answer
    }

    /// A chain may be longer than what is held: the ServerHello before it has answered, and the rest is not waited for.
    private func tooMuch(_ what: String) -> Answer {
        hello == nil ? .malformed(what) : .complete
    }

    private mutating func readRecords() -> Answer? {
        var consumed = 0
        defer { records.removeFirst(consumed) }
        while consumed < records.count {
            if let broken = headerFault(records[consumed...]) { return broken }
            guard records.count - consumed >= 5 else { return nil }
            let length = Int(records[consumed + 3]) << 8 | Int(records[consumed + 4])
            guard records.count - consumed - 5 >= length else { return nil }
            let content = records[consumed + 5..<consumed + 5 + length]
            let isAlert = records[consumed] == 21
            consumed += 5 + length
            if let answer = isAlert ? readAlert(content) : readHandshake(content) { return answer }
        }
        return nil
    }

    /// Judges a record by as much of its header as is there, so that a peer that talks something else is not waited for.
    private func headerFault(_ header: ArraySlice<UInt8>) -> Answer? {
        let isFirst = hello == nil && warning == nil && handshake.isEmpty
        let octets = Array(header.prefix(5))
        guard let type = octets.first, (20...24).contains(type), octets.count < 2 || octets[1] == 3 else {
            return isFirst ? .notTLS : .malformed("no record where one was due")
        }
        guard octets.count >= 2 else { return nil }
        guard type == 21 || type == 22 else { return .malformed("a record of type \(type)") }
        guard octets.count == 5 else { return nil }
        let length = Int(octets[3]) << 8 | Int(octets[4])
        return (1...Self.recordLimit).contains(length) ? nil : .malformed("a record of \(length) octets")
    }

    private mutating func readAlert(_ content: ArraySlice<UInt8>) -> Answer? {
        var cursor = WireCursor(content)
        guard let level = cursor.uint8(), let description = cursor.uint8(), cursor.isAtEnd,
            level == 1 || level == 2
        else { return .malformed("an alert that is none") }
        let alert = TLSAlert(isFatal: level == 2, description: description)
        guard description != TLSAlert.closeNotify else { return .closed }
        guard !alert.isFatal else { return .alert(alert) }
        warning = alert
        return nil
    }

    private mutating func readHandshake(_ content: ArraySlice<UInt8>) -> Answer? {
        handshake += content
        var cursor = WireCursor(handshake[...])
        defer { handshake.removeFirst(handshake.count - cursor.rest.count) }
        while cursor.rest.count >= 4 {
            var message = cursor
            guard let type = message.uint8() else { return nil }
            guard let body = message.vector(lengthOctets: 3) else {
                var length = message
                guard (length.number(3) ?? 0) > Self.totalLimit else { return nil }
                return type == 11 ? tooMuch("a chain of more than 64 KiB") : .malformed("a message of more than 64 KiB")
            }
            cursor = message
            if let answer = read(type, body) { return answer }
        }
        return nil
    }

    private mutating func read(_ type: UInt8, _ body: ArraySlice<UInt8>) -> Answer? {
        guard var hello else {
            if type == 0, body.isEmpty { return nil }  // HelloRequest, to be ignored here (RFC 5246 §7.4.1.1)
            guard type == 2, let hello = ServerHello(body: body) else {
                return .malformed(type == 2 ? "a ServerHello that is none" : "message \(type) for a ServerHello")
            }
            self.hello = hello
            return depth == .hello || hello.version == .tls13 ? .complete : nil
        }
        defer { self.hello = hello }
        switch type {
        case 11: return hello.addCertificates(body: body) ? nil : .malformed("a Certificate that is none")
        case 12: return hello.addKeyExchange(body: body) ? .complete : .malformed("a ServerKeyExchange that is none")
        case 13, 22: return nil  // CertificateRequest, CertificateStatus
        case 14: return .complete  // ServerHelloDone: the suite needs no ServerKeyExchange
        default: return .malformed("message \(type) behind the ServerHello")
        }
    }
}
