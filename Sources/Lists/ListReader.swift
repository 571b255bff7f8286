// SPDX-License-Identifier: Apache-2.0

/// Reads a list of domains, line by line and in bounded memory, however long it is.
///
/// Plain names, e-mail addresses and URLs; CSV with a header that has a column `domain` (RFC 4180); `rank,domain`; each
/// as it is or compressed with gzip; from a file or, as `-`, from standard input. Blank lines and lines that begin with
/// `#` say nothing. A bad line is handed out as such and does not end the reading.
public struct ListReader: ~Copyable {
    private var lines: LineReader
    /// Lines that were looked at ahead, while a quoted field seemed to go on.
    private var waiting: [LineReader.Line] = []
    private var format: ListFormat?
    private var hasYielded = false
    private var isOver = false

    /// Opens the list; `-` is standard input.
    public init(path: String) throws(ListError) {
        lines = LineReader(try ByteSource(path: path))
    }

    /// The next line that says something; nil at the end.
    public mutating func next() throws(ListError) -> ListLine? {
        while !isOver {
            do throws(ListError) {
                guard let line = try nextLine() else {
                    isOver = true
                    guard hasYielded else { throw .empty(file: lines.file) }
                    return nil
                }
                guard let read = try read(line) else { continue }
                hasYielded = true
                return read
            } catch {
                isOver = true
                throw error
            }
        }
        return nil
    }

    private mutating func nextLine() throws(ListError) -> LineReader.Line? {
        waiting.isEmpty ? try lines.next() : waiting.removeFirst()
    }

    private mutating func read(_ line: LineReader.Line) throws(ListError) -> ListLine? {
        guard let first = line.octets.first(where: { $0 != 0x20 && $0 != 0x09 }), first != UInt8(ascii: "#") else {
            return nil
        }
        guard !line.isTooLong else { return invalid(line, .lineTooLong) }
        guard let format else {
            guard let format = ListFormat(firstLine: line.octets) else {
                throw .noDomainColumn(
                    file: lines.file, header: InvalidLine.clipped(String(decoding: line.octets, as: UTF8.self)))
            }
            self.format = format
            if case .table = format { return nil }
            return try read(line)
        }
        switch format {
        case .names: return domain(in: Self.withoutComment(line.octets), of: line)
        case .ranking: return ranked(line)
        case .table(let columns): return try row(line, columns)
        }
    }

    private func ranked(_ line: LineReader.Line) -> ListLine {
        guard case .fields(let fields) = CSVRecord(line.octets, separator: UInt8(ascii: ",")), fields.count == 2,
            let rank = Int(String(decoding: fields[0], as: UTF8.self))
        else { return invalid(line, .malformedRow) }
        return domain(in: fields[1], rank: rank, of: line)
    }

    private mutating func row(_ line: LineReader.Line, _ columns: ListFormat.Columns) throws(ListError) -> ListLine {
        guard let fields = try fields(from: line, columns), fields.count <= columns.names.count else {
            return invalid(line, .malformedRow)
        }
        guard fields.indices.contains(columns.domain) else { return invalid(line, .missingDomain) }
        var rank: Int?
        var labels: [ListLabel] = []
        for (index, field) in fields.enumerated() where index != columns.domain {
            let value = String(String(decoding: field, as: UTF8.self)[...].trimmed)
            if index == columns.rank, let number = Int(value) {
                rank = number
            } else if !value.isEmpty {
                labels.append(ListLabel(name: columns.names[index], value: value))
            }
        }
        return domain(in: fields[columns.domain], rank: rank, labels: labels, of: line)
    }

    /// The fields of a record, which may go on over further lines while a quote is open (RFC 4180 §2.6). Where the quote
    /// turns out to be a stray one, nil, and those lines are read again on their own.
    private mutating func fields(
        from line: LineReader.Line, _ columns: ListFormat.Columns
    ) throws(ListError) -> [[UInt8]]? {
        var octets = line.octets
        var ahead: [LineReader.Line] = []
        while true {
            switch CSVRecord(octets, separator: columns.separator) {
            case .fields(let fields): return fields
            case .open where octets.count < LineReader.limit:
                guard let next = try nextLine() else { break }
                ahead.append(next)
                guard !next.isTooLong else { break }
                octets += [UInt8(ascii: "\n")] + next.octets
                continue
            case .open, .malformed: break
            }
            waiting = ahead + waiting
            return nil
        }
    }

    private func domain(
        in octets: [UInt8], rank: Int? = nil, labels: [ListLabel] = [], of line: LineReader.Line
    ) -> ListLine {
        guard let text = String(validating: octets, as: UTF8.self) else { return invalid(line, .notUTF8) }
        do throws(InvalidReason) {
            let domain = try MailDomain(text)
            return .domain(
                ListedDomain(
                    name: domain.name, unicode: domain.unicode, rank: rank, labels: labels, file: lines.file,
                    line: line.number))
        } catch {
            return invalid(line, error)
        }
    }

    private func invalid(_ line: LineReader.Line, _ reason: InvalidReason) -> ListLine {
        .invalid(InvalidLine(file: lines.file, line: line.number, octets: line.octets, reason: reason))
    }

    /// Up to a `#` that follows a space: in a URL it may stand for something else.
    static func withoutComment(_ octets: [UInt8]) -> [UInt8] {
        let comment = octets.indices.dropFirst().first { index in
            octets[index] == UInt8(ascii: "#") && (octets[index - 1] == 0x20 || octets[index - 1] == 0x09)
        }
        return Array(octets[..<(comment ?? octets.endIndex)])
    }
}
