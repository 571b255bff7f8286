// SPDX-License-Identifier: Apache-2.0

/// Why a list cannot be read, or not be read further. Lines that were read before stay good.
public enum ListError: Error, Hashable, Sendable {
    /// No file of this name.
    case missing(file: String)
    /// A folder.
    case directory(file: String)
    /// We may not read it.
    case forbidden(file: String)
    /// The operating system says why; its errno.
    case unreadable(file: String, errno: Int32)
    /// Nothing but blank lines, comments or a header.
    case empty(file: String)
    /// Control characters all over: an archive, a picture, a program, or text in UTF-16.
    case binary(file: String)
    /// Compressed data that breaks off or is damaged; lines before the damage have been read.
    case damagedGzip(file: String)
    /// Several columns, and neither a header that names `domain` nor `rank,domain` lines.
    case noDomainColumn(file: String, header: String)
}

extension ListError: CustomStringConvertible {
    /// One line for a person, naming the file.
    public var description: String {
        switch self {
        case .missing(let file): "\(file): there is no such file"
        case .directory(let file): "\(file): this is a folder, not a list"
        case .forbidden(let file): "\(file): no permission to read it"
        case .unreadable(let file, let errno): "\(file): cannot be read (errno \(errno))"
        case .empty(let file): "\(file): no domain in it"
        case .binary(let file): "\(file): not a text file in UTF-8"
        case .damagedGzip(let file): "\(file): the compressed data is damaged or ends too early"
        case .noDomainColumn(let file, let header):
            "\(file): several columns, but no header line that names one of them `domain`: \(header)"
        }
    }
}
