// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What one line of a list came to; blank lines, comments and the header come to nothing.
public enum ListLine: Hashable, Sendable {
    /// A domain to survey.
    case domain(ListedDomain)
    /// A line that names none: reported and counted, and the next one is read.
    case invalid(InvalidLine)
}

/// A domain as a list has it.
public struct ListedDomain: Hashable, Sendable {
    /// The name in A-labels.
    public let name: DomainName
    /// The name in U-labels, where it differs.
    public let unicode: String?
    /// Its place in the list's ranking.
    public let rank: Int?
    /// Every other column that is not empty, `sector` among them, in the file's order.
    public let labels: [ListLabel]
    /// The list, as the user named it; `standard input` for `-`.
    public let file: String
    /// Where in it, from 1.
    public let line: Int

    /// Takes all of it.
    public init(
        name: DomainName, unicode: String? = nil, rank: Int? = nil, labels: [ListLabel] = [], file: String, line: Int
    ) {
        self.name = name
        self.unicode = unicode
        self.rank = rank
        self.labels = labels
        self.file = file
        self.line = line
    }
}

/// A column of a list that is carried along.
public struct ListLabel: Hashable, Sendable {
    /// The column's heading.
    public let name: String
    /// What stands in it.
    public let value: String

    /// Takes both.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A line that is no domain.
public struct InvalidLine: Hashable, Sendable, CustomStringConvertible {
    /// The list, as the user named it; `standard input` for `-`.
    public let file: String
    /// Where in it, from 1.
    public let line: Int
    /// Its text, at most 100 characters, control characters shown as `?`.
    public let text: String
    /// Why.
    public let reason: InvalidReason

    /// `list.csv:17: a label of more than 63 octets: "aaaa…"`.
    public var description: String { "\(file):\(line): \(reason): \"\(text)\"" }

    init(file: String, line: Int, octets: some Sequence<UInt8>, reason: InvalidReason) {
        self.file = file
        self.line = line
        self.reason = reason
        text = Self.clipped(String(decoding: Array(octets.prefix(800)), as: UTF8.self))
    }

    /// At most 100 characters without control characters, fit for a terminal.
    static func clipped(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : scalar
        }
        var clipped = String.UnicodeScalarView()
        clipped.append(contentsOf: scalars.prefix(100))
        return String(clipped) + (scalars.count > 100 ? "…" : "")
    }
}

/// Why a text names no domain to survey; the raw values are the words of the table `input_errors`.
public enum InvalidReason: String, Error, CaseIterable, Hashable, Sendable {
    /// Not UTF-8.
    case notUTF8 = "not_utf8"
    /// NUL or another control character.
    case controlCharacter = "control_character"
    /// A line beyond the limit, of which only the beginning was looked at.
    case lineTooLong = "line_too_long"
    /// A CSV line that breaks RFC 4180, or has more fields than the header.
    case malformedRow = "malformed_row"
    /// A line without a domain in its column.
    case missingDomain = "missing_domain"
    /// More than 253 characters (RFC 1035 §2.3.4).
    case nameTooLong = "name_too_long"
    /// A label of more than 63 octets (RFC 1035 §2.3.4).
    case labelTooLong = "label_too_long"
    /// Two dots in a row, or a dot first.
    case emptyLabel = "empty_label"
    /// A character, or a hyphen at the edge of a label, that no host name has (RFC 1123 §2.1).
    case badCharacter = "bad_character"
    /// A U-label that IDNA2008 does not allow (RFC 5891 §5).
    case notIDNA = "not_idna"
    /// An address, or what looks like one.
    case ipAddress = "ip_address"
    /// `localhost` or a name below it (RFC 6761 §6.3).
    case localhost
    /// A name without a dot: a heading or a slip far more often than a mail domain.
    case singleLabel = "single_label"
}

extension InvalidReason: CustomStringConvertible {
    /// A few words for a person.
    public var description: String {
        switch self {
        case .notUTF8: "not UTF-8"
        case .controlCharacter: "a control character"
        case .lineTooLong: "a line of more than \(LineReader.limit) octets"
        case .malformedRow: "not a CSV line that fits the header"
        case .missingDomain: "no domain"
        case .nameTooLong: "a name of more than 253 characters"
        case .labelTooLong: "a label of more than 63 octets"
        case .emptyLabel: "an empty label"
        case .badCharacter: "a character that no host name has"
        case .notIDNA: "not a valid internationalized name"
        case .ipAddress: "an IP address"
        case .localhost: "localhost"
        case .singleLabel: "a single label"
        }
    }
}
