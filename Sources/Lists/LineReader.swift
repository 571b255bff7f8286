// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// The lines of a source, numbered from 1, in bounded memory: of a line beyond the limit only the beginning is kept
/// while the rest is read past.
struct LineReader: ~Copyable {
    struct Line {
        /// Without LF or CRLF, and without the byte order mark of the first line.
        var octets: [UInt8]
        let number: Int
        /// Whether octets beyond the limit were left out.
        let isTooLong: Bool
    }

    /// Octets of a line; a name has at most 253, a line of a CSV file some hundreds.
    static let limit = 16_384

    private var source: ByteSource
    private var piece: [UInt8] = []
    private var position = 0
    private var number = 0

    var file: String { source.file }

    init(_ source: consuming ByteSource) {
        self.source = source
    }

    /// The next line, nil at the end.
    mutating func next() throws(ListError) -> Line? {
        var octets: [UInt8] = []
        var isTooLong = false
        var hasBegun = false
        while true {
            if position == piece.count {
                guard let more = try source.next() else { break }
                (piece, position) = (more, 0)
            }
            if number == 0, !hasBegun, Self.looksBinary(piece) { throw .binary(file: file) }
            hasBegun = true
            let end = Self.lineEnd(in: piece, from: position)
            let part = piece[position..<(end ?? piece.count)]
            let kept = part.prefix(Self.limit - octets.count)
            octets.append(contentsOf: kept)
            isTooLong = isTooLong || kept.count < part.count
            position = end.map { $0 + 1 } ?? piece.count
            if end != nil { break }
        }
        guard hasBegun else { return nil }
        number += 1
        if octets.last == UInt8(ascii: "\r") { octets.removeLast() }
        if number == 1, octets.starts(with: [0xEF, 0xBB, 0xBF]) { octets.removeFirst(3) }
        return Line(octets: octets, number: number, isTooLong: isTooLong)
    }

    private static func lineEnd(in piece: [UInt8], from position: Int) -> Int? {
        piece.withUnsafeBytes { octets in
            guard let start = octets.baseAddress else { return nil }
            return memchr(start + position, 0x0A, octets.count - position).map { UnsafeRawPointer($0) - start }
        }
    }

    /// More than one octet in twenty of the first 4 KiB is a control character that no text has. One stray NUL spoils
    /// its line only.
    private static func looksBinary(_ piece: [UInt8]) -> Bool {
        let beginning = piece.prefix(4_096)
        let strange = beginning.count { $0 < 0x20 && !(0x09...0x0D).contains($0) }
        return strange * 20 > beginning.count
    }
}
