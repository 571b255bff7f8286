// SPDX-License-Identifier: Apache-2.0

import Observations

/// Why an opt-out list cannot be used.
public enum OptOutError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It cannot be read.
    case list(ListError)
    /// One of its lines cannot be understood.
    case badLine(file: String, line: Int, reason: Reason)
    /// It names autonomous systems, in this line and in others, and no table tells which addresses are theirs: they could
    /// not be left alone.
    case noTableOfSystems(file: String, line: Int, system: Int, otherLines: [Int])

    /// What is wrong with a line.
    public enum Reason: Error, Hashable, Sendable, CustomStringConvertible {
        /// None of the forms of an entry; the text.
        case unknownSubject(String)
        /// `domain:` or `host:` without a good name behind it.
        case badName(String, InvalidReason)
        /// Neither a date (`2027-01-01`) nor a time of RFC 3339.
        case badExpiry(String)
        /// Something behind the entry that is not `expires=`, `reason=` or `ref=`.
        case unknownRemark(String)
        /// A quote that is not closed.
        case openQuote
        /// Not UTF-8.
        case notUTF8
        /// A line beyond all measure.
        case lineTooLong

        /// A few words for a person.
        public var description: String {
            switch self {
            case .unknownSubject(let text):
                "\"\(text)\" is no address, prefix, AS number, `domain:` or `host:` entry"
            case .badName(let text, let reason): "\"\(text)\" is no name: \(reason)"
            case .badExpiry(let text): "\"\(text)\" is no date such as 2027-01-01"
            case .unknownRemark(let text): "\"\(text)\" is not expires=, reason= or ref= (spaces need quotes)"
            case .openQuote: "a quote is not closed"
            case .notUTF8: "not UTF-8"
            case .lineTooLong: "a line of more than \(LineReader.limit) octets"
            }
        }
    }

    /// One line for a person, naming file and line.
    public var description: String {
        switch self {
        case .list(let error): "\(error)"
        case .badLine(let file, let line, let reason): "\(file):\(line): \(reason)"
        case .noTableOfSystems(let file, let line, let system, let others):
            "\(file):\(line): nobody can tell which addresses belong to AS\(system)"
                + (others.isEmpty ? "" : " (nor for line ")
                + others.prefix(5).map { "\($0)" }.joined(separator: ", ") + (others.count > 5 ? ", ..." : "")
                + (others.isEmpty ? "" : ")")
                + ": give a table of networks with --asn-file, or name their prefixes instead"
        }
    }
}

/// One line of an opt-out list.
struct OptOutEntry {
    enum Subject {
        case domain(DomainName), host(DomainName), prefix(IPPrefix), system(Int)
    }

    let subject: Subject
    /// From then on the entry covers nothing.
    private(set) var expires: Timestamp?

    /// nil for a blank line or a comment.
    init?(_ line: String) throws(OptOutError.Reason) {
        var words = try Self.words(line)
        guard !words.isEmpty else { return nil }
        subject = try Self.subject(words.removeFirst())
        for word in words {
            guard let equals = word.firstIndex(of: "=") else { throw .unknownRemark(word) }
            let value = String(word[word.index(after: equals)...])
            switch word[..<equals].lowercased() {
            case "expires":
                guard let moment = Timestamp(rfc3339: value) else { throw .badExpiry(value) }
                // A date alone means its whole day: in doubt the entry holds longer.
                expires = value.utf8.count == 10 ? moment.adding(seconds: 86_400) : moment
            case "reason", "ref": break
            default: throw .unknownRemark(word)
            }
        }
    }

    private static func subject(_ text: String) throws(OptOutError.Reason) -> Subject {
        if let prefix = IPPrefix(text) { return .prefix(Self.unmapped(prefix)) }
        let lowered = text.lowercased()
        if lowered.hasPrefix("domain:") { return .domain(try name(text.dropFirst(7))) }
        if lowered.hasPrefix("host:") { return .host(try name(text.dropFirst(5))) }
        if lowered.hasPrefix("as"), lowered.dropFirst(2).utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt32(lowered.dropFirst(2))
        {
            return .system(Int(number))
        }
        throw .unknownSubject(text)
    }

    /// Connections to `::ffff:192.0.2.1` are made as IPv4 (RFC 4291 §2.5.5.2), so that is what the entry must cover.
    private static func unmapped(_ prefix: IPPrefix) -> IPPrefix {
        let isMapped = IPPrefix("::ffff:0:0/96")?.contains(prefix.base) == true && prefix.length >= 96
        guard isMapped, let base = prefix.base.embeddedV4 else { return prefix }
        return IPPrefix("\(base)/\(prefix.length - 96)") ?? prefix
    }

    /// A single label is allowed: a registry may speak for a whole top-level domain.
    private static func name(_ text: Substring) throws(OptOutError.Reason) -> DomainName {
        do throws(InvalidReason) {
            let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
            let name = try MailDomain.parsed(isASCII ? String(text) : InternationalName.aLabels(of: String(text)))
            guard name.hasHostNameSyntax else { throw .badCharacter }
            return name
        } catch {
            throw .badName(String(text), error)
        }
    }

    /// Words between spaces; quotes hold spaces together, `#` outside them begins a comment.
    private static func words(_ line: String) throws(OptOutError.Reason) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            // In a remark a `#` may belong to an address of the web; the entry itself has none.
            case "#" where !isQuoted && (word.isEmpty || words.isEmpty):
                return word.isEmpty ? words : words + [word]
            case _ where character.isWhitespace && !isQuoted:
                if !word.isEmpty { words.append(word) }
                word = ""
            default: word.append(character)
            }
        }
        guard !isQuoted else { throw .openQuote }
        return word.isEmpty ? words : words + [word]
    }
}
