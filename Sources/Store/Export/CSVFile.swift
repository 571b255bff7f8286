// SPDX-License-Identifier: Apache-2.0
// RFC 4180, with LF instead of CRLF so that line tools work on it: fields that hold a comma, a quotation mark or a line
// break are put in quotation marks, quotation marks inside are doubled (§2).
import Glibc

/// A CSV file that is being written; appears under its name when it is complete, not before.
struct CSVFile: ~Copyable {
    private let path: String
    private let stream: UnsafeMutablePointer<FILE>
    private var line: [UInt8] = []
    private var isFirstField = true

    private static func unfinished(_ path: String) -> String { path + ".part" }

    /// Begins the file that will be at `path`.
    init(path: String) throws(StoreError) {
        guard let stream = fopen(Self.unfinished(path), "w") else { throw FileSystem.failure(path) }
        self.path = path
        self.stream = stream
    }

    deinit { fclose(stream) }

    /// Adds a field to the line.
    mutating func field(_ text: String) {
        if !isFirstField { line.append(UInt8(ascii: ",")) }
        isFirstField = false
        let octets = text.utf8
        guard octets.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
            line.append(contentsOf: octets)
            return
        }
        line.append(0x22)
        for octet in octets {
            if octet == 0x22 { line.append(0x22) }
            line.append(octet)
        }
        line.append(0x22)
    }

    /// Ends the line; the stream gathers lines into blocks.
    mutating func endLine() throws(StoreError) {
        line.append(0x0A)
        let written = line.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, stream) }
        guard written == line.count else { throw FileSystem.failure(path) }
        line.removeAll(keepingCapacity: true)
        isFirstField = true
    }

    /// Hands the last block to the disk, and says where it refuses. The file keeps its provisional name.
    consuming func close() throws(StoreError) {
        guard fflush(stream) == 0 else { throw FileSystem.failure(path) }
    }

    /// Gives a complete file its name.
    static func publish(_ path: String) throws(StoreError) {
        guard rename(unfinished(path), path) == 0 else { throw FileSystem.failure(path) }
    }

    /// Removes what is left of a file that was not published.
    static func discard(_ path: String) { unlink(unfinished(path)) }
}
