// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Reads replies out of a stream of octets (RFC 5321 §4.2), however the stream is cut into segments.
///
///     reply = *( code "-" [text] CRLF ) code [ SP [text] ] CRLF
///
/// Lenient where servers are known to be loose: a bare LF ends a line, text may be missing, several CRs may stand
/// before the LF, and the last line's code counts where codes differ. Strict where anything else could be mistaken for
/// an answer: whatever does not begin with three digits and a separator is no reply, which shows at its first wrong
/// octet, so that nobody waits for the end of a line that binary data never has.
public struct ReplyDecoder: Sendable {
    /// How much a server may say in one reply.
    public struct Limits: Hashable, Sendable {
        /// Octets of one line, its end included. RFC 5321 §4.5.3.1.5 allows 512; real servers go beyond.
        public var lineOctets = 4_096
        /// Lines of one reply.
        public var lines = 256
        /// Octets of one reply.
        public var replyOctets = 65_536

        /// The limits of the survey.
        public init() {}
    }

    /// What the octets so far amount to.
    public enum Step: Hashable, Sendable {
        /// The reply has not ended yet.
        case incomplete
        /// One reply; further octets, if any, stay for the next call.
        case reply(SMTPReply)
        /// The octets are no reply, or the reply breaks a limit; nothing more can be read.
        case malformed(Malformed)
    }

    /// Why octets are no reply.
    public enum Malformed: Hashable, Sendable {
        /// A line does not begin with three digits and a separator.
        case notAReply
        /// A line has more octets than the limit.
        case lineTooLong
        /// The reply has more lines or octets than the limits.
        case replyTooLong
    }

    private let limits: Limits
    private var unread: [UInt8] = []
    /// Where the line that is being read begins, and how far it has been searched for its end.
    private var lineStart = 0
    private var searched = 0
    private var lines: [String] = []
    private var failure: Malformed?

    /// A decoder that has read nothing.
    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes the next octets of the stream.
    public mutating func append(_ octets: [UInt8]) {
        unread.append(contentsOf: octets)
    }

    /// Whether octets stand behind the last reply that `next` returned. Before a command has been sent they answer
    /// nothing.
    public var hasUnread: Bool { !unread.isEmpty }

    /// Reads up to the end of one reply.
    public mutating func next() -> Step {
        while failure == nil, let line = nextLine() {
            guard let (code, isLast, text) = Self.split(line) else {
                failure = .notAReply
                break
            }
            lines.append(text)
            guard lines.count <= limits.lines else {
                failure = .replyTooLong
                break
            }
            guard isLast else { continue }
            let reply = SMTPReply(code: code, lines: lines)
            lines = []
            unread.removeFirst(lineStart)
            (lineStart, searched) = (0, 0)
            return .reply(reply)
        }
        return failure.map(Step.malformed) ?? .incomplete
    }

    /// The next complete line, its end included; nil where there is none, or where `failure` says why not.
    private mutating func nextLine() -> ArraySlice<UInt8>? {
        let end = unread[searched...].firstIndex(of: UInt8(ascii: "\n"))
        searched = end.map { $0 + 1 } ?? unread.count
        let line = unread[lineStart..<searched]
        guard Self.canBegin(line) else {
            failure = .notAReply
            return nil
        }
        // A line without its end will have at least one octet more.
        guard line.count + (end == nil ? 1 : 0) <= limits.lineOctets else {
            failure = .lineTooLong
            return nil
        }
        guard searched <= limits.replyOctets else {
            failure = .replyTooLong
            return nil
        }
        guard end != nil else { return nil }
        lineStart = searched
        return line
    }

    /// Whether these octets are the beginning of a reply line: a digit 2 to 5, two more digits, a separator.
    private static func canBegin(_ line: ArraySlice<UInt8>) -> Bool {
        zip(0..<4, line).allSatisfy { position, octet in
            switch position {
            case 0: (0x32...0x35).contains(octet)
            case 1, 2: (0x30...0x39).contains(octet)
            default: [UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "\r"), UInt8(ascii: "\n")].contains(octet)
            }
        }
    }

    private static func split(_ line: ArraySlice<UInt8>) -> (code: Int, isLast: Bool, text: String)? {
        var line = line.dropLast()
        while line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard line.count >= 3 else { return nil }
        let code = line.prefix(3).reduce(0) { $0 * 10 + Int($1) - 0x30 }
        let rest = line.dropFirst(3)
        guard let separator = rest.first else { return (code, true, "") }
        guard separator != UInt8(ascii: "\r") else { return nil }
        return (code, separator == UInt8(ascii: " "), String(decoding: rest.dropFirst(), as: UTF8.self))
    }
}
