// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// The octets of a file or of standard input, a piece at a time, decompressed where they begin as gzip does.
struct ByteSource: ~Copyable {
    /// Octets of a piece, read or decompressed.
    static let pieceSize = 65_536

    /// For messages.
    let file: String
    private let descriptor: Descriptor
    private var inflater: Inflater?
    private var raw: [UInt8]
    private var position = 0
    private var isInsideMember = true
    private var isDamaged = false
    private var isOver = false

    /// Opens the file; `-` is standard input.
    init(path: String) throws(ListError) {
        let file = path == "-" ? "standard input" : path
        let descriptor = try Descriptor(path: path, file: file)
        var beginning: [UInt8] = []
        while beginning.count < 2 {  // a pipe may hand out a single octet
            let more = try descriptor.read(file)
            guard !more.isEmpty else { break }
            beginning += more
        }
        self.file = file
        self.descriptor = descriptor
        raw = beginning
        inflater = beginning.starts(with: [0x1F, 0x8B]) ? Inflater() : nil  // RFC 1952 §2.3.1
    }

    /// The next piece, never empty; nil at the end.
    mutating func next() throws(ListError) -> [UInt8]? {
        while !isOver {
            let piece = try inflater == nil ? plainPiece() : inflatedPiece()
            if !piece.isEmpty { return piece }
        }
        return nil
    }

    private mutating func plainPiece() throws(ListError) -> [UInt8] {
        if raw.isEmpty { raw = try descriptor.read(file) }
        defer { raw = [] }
        isOver = raw.isEmpty
        return raw
    }

    private mutating func inflatedPiece() throws(ListError) -> [UInt8] {
        guard !isDamaged else {  // found a piece ago, whose octets were still good
            isOver = true
            throw .damagedGzip(file: file)
        }
        if position == raw.count {
            raw = try descriptor.read(file)
            position = 0
            guard !raw.isEmpty else {
                isOver = true
                guard !isInsideMember else { throw .damagedGzip(file: file) }
                return []
            }
        }
        if !isInsideMember {
            // Members may follow each other (RFC 1952 §2.2); anything else behind one is padding.
            guard raw[position] == 0x1F else {
                isOver = true
                return []
            }
            inflater?.restart()
            isInsideMember = true
        }
        var output: [UInt8] = []
        switch inflater?.inflate(raw, from: &position, into: &output, limit: Self.pieceSize) {
        case .working: break
        case .memberEnd: isInsideMember = false
        case .damaged, nil: isDamaged = true
        }
        return output
    }
}

/// An open file descriptor.
private struct Descriptor: ~Copyable {
    private let number: Int32

    init(path: String, file: String) throws(ListError) {
        let number = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .missing(file: file)
            case EACCES, EPERM: throw .forbidden(file: file)
            case let code: throw .unreadable(file: file, errno: code)
            }
        }
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Up to one piece; empty at the end.
    func read(_ file: String) throws(ListError) -> [UInt8] {
        while true {
            var code: Int32 = 0
            let octets = [UInt8](unsafeUninitializedCapacity: ByteSource.pieceSize) { space, count in
                let got = Glibc.read(number, space.baseAddress, space.count)
                code = got < 0 ? errno : 0
                count = max(0, got)
            }
            switch code {
            case 0: return octets
            case EINTR: continue
            case EISDIR: throw .directory(file: file)
            default: throw .unreadable(file: file, errno: code)
            }
        }
    }
}
