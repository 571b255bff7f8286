// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The command-line tool, as a second opinion. By way of `popen`, since Foundation's `Process` leaks a few bytes now and
/// then, and the leak checker cannot tell them from ours.
enum OpenSSLCommand {
    struct Unavailable: Error {}

    /// Runs it and returns what it printed, errors included; the second command reads the first one's output.
    static func run(_ arguments: [String], then next: [String]? = nil) throws -> String {
        let commands = [arguments] + (next.map { [$0] } ?? [])
        let line = commands.map { "openssl " + $0.map { "'\($0)'" }.joined(separator: " ") + " 2>&1" }
        guard let pipe = popen(line.joined(separator: " | "), "r") else { throw Unavailable() }
        defer { pclose(pipe) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            output += buffer.prefix(count)
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// A file that goes with the test.
final class TemporaryFile {
    let path: String

    init(_ text: String) throws {
        var template = Array((P_tmpdir + "/mxcensus-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw OpenSSLCommand.Unavailable() }
        defer { Glibc.close(descriptor) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard
            text.utf8.withContiguousStorageIfAvailable({ Glibc.write(descriptor, $0.baseAddress, $0.count) })
                == text.utf8.count
        else { throw OpenSSLCommand.Unavailable() }
    }

    deinit { unlink(path) }
}
