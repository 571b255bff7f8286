// SPDX-License-Identifier: Apache-2.0

/// What can be kept of a broken list of `name=value` fields (RFC 8460 §3, RFC 8461 §3.1, RFC 9989 §4.8): the fields that are
/// sound, and those that can be mended. The version is left out wherever it stands, since a list that is written anew
/// begins with it.
///
/// The commonest fault is a semicolon that is missing, or has a backslash before it as in a zone file. So what is no field as
/// it stands is read as several, each of which begins with a name that the standard knows. Report addresses (`rua`, `ruf`)
/// may also stand behind a colon, or a semicolon in the place of their comma.
struct SoundFields {
    /// One field.
    struct Field: Hashable {
        let name: String
        let value: String

        var text: String { "\(name)=\(value)" }
    }

    /// In their order.
    private(set) var fields: [Field] = []

    /// Reads a record of whatever kind; `mend` says what a field is to be, as it is where nothing is wrong with it, and
    /// nil where nothing can be kept of it.
    init(of record: [UInt8], names: [String], mend: (_ name: String, _ value: ArraySlice<UInt8>) -> Field?) {
        let lists = ["rua", "ruf"].filter(names.contains)
        var list: String?
        for part in record.split(separator: UInt8(ascii: ";")).map(\.trimmingBlanks) {
            let pieces = Self.pieces(of: part, names.map { $0 + "=" } + lists.map { $0 + ":" } + ["v="])
            if let field = Self.field(part, mend), part.elementsEqual(field.text.utf8) {
                fields.append(field)
            } else {
                fields += pieces.compactMap { piece in
                    if let list, Self.begins(piece, ["mailto:", "https:"]) { return Self.field(list, piece, mend) }
                    let named = lists.first { Self.begins(piece, [$0 + ":"]) }
                    return named.map { Self.field($0, piece.dropFirst($0.utf8.count + 1), mend) }
                        ?? Self.field(piece, mend)
                }
            }
            list = pieces.compactMap { piece in lists.first { Self.begins(piece, [$0 + "=", $0 + ":"]) } }.last ?? list
        }
    }

    private static func field(_ part: ArraySlice<UInt8>, _ mend: (String, ArraySlice<UInt8>) -> Field?) -> Field? {
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = part[..<equals].trimmingBlanks
        return name.equalsIgnoringCase("v") ? nil : field(name.text, part[(equals + 1)...], mend)
    }

    private static func field(
        _ name: String, _ value: ArraySlice<UInt8>, _ mend: (String, ArraySlice<UInt8>) -> Field?
    ) -> Field? {
        mend(name, (value.last == UInt8(ascii: "\\") ? value.dropLast() : value).trimmingBlanks)
    }

    private static func begins(_ text: ArraySlice<UInt8>, _ beginnings: [String]) -> Bool {
        beginnings.contains { text.prefix($0.utf8.count).equalsIgnoringCase($0) }
    }

    /// The words between blanks, those together that follow one beginning.
    private static func pieces(of part: ArraySlice<UInt8>, _ beginnings: [String]) -> [ArraySlice<UInt8>] {
        var starts: [Int] = []
        for word in part.split(whereSeparator: \.isBlank) {
            if begins(word, beginnings) || starts.isEmpty { starts.append(word.startIndex) }
        }
        return zip(starts, starts.dropFirst() + [part.endIndex]).map { part[$0..<$1].trimmingBlanks }
    }
}

extension Sequence {
    /// The elements that are the first with their key.
    func firstOfEach<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
        var seen: Set<Key> = []
        return filter { seen.insert(key($0)).inserted }
    }
}
