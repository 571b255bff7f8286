// SPDX-License-Identifier: Apache-2.0
import Foundation
import SMTP
import Testing

/// A dialogue of `Tests/Fixtures/smtp`: what the server does, what the client must do, and what is recorded.
struct Dialogue: CustomTestStringConvertible {
    enum Line: Equatable {
        case server([UInt8])
        case event(SMTPSession.Event)
        case timeout
        case client(Effect)
    }

    /// What the client does that anybody can see.
    enum Effect: Equatable {
        case line(String)
        case startTLS
        case close
    }

    struct Unreadable: Error {
        let file: String
        let line: String
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/smtp", directoryHint: .isDirectory)

    let name: String
    var lines: [Line] = []
    var expected: [String: String] = [:]
    var mergedOnly = false
    var opening = SMTPSession.Opening.inClear

    var testDescription: String { name }

    static func all() throws -> [Dialogue] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
            .sorted { $0.path < $1.path }
            .map { try Dialogue(file: $0) }
    }

    init(file: URL) throws {
        name = file.deletingPathExtension().lastPathComponent
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            try read(String(line))
        }
    }

    private mutating func read(_ line: String) throws {
        let rest = String(line.dropFirst(3))
        switch line {
        case "HANDSHAKE": lines.append(.client(.startTLS))
        case "CLOSE": lines.append(.client(.close))
        case "TLS OK": lines.append(.event(.tlsEstablished))
        case "TLS FAILED": lines.append(.event(.tlsFailed))
        case "EOF": lines.append(.event(.endOfStream))
        case "TIMEOUT": lines.append(.timeout)
        case "segments: merged": mergedOnly = true
        case "opening: tls": opening = .inTLS
        case _ where line.hasPrefix("S: "): lines.append(.server(Array("\(rest)\r\n".utf8)))
        case _ where line.hasPrefix("S= "): lines.append(.server(try Self.unescaped(rest, name)))
        case _ where line.hasPrefix("S* "):
            let parts = rest.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let times = Int(parts[0]) else { throw Unreadable(file: name, line: line) }
            let octets = try Self.unescaped(String(parts[1]), name)
            for _ in 0..<times { lines.append(.server(octets)) }
        case _ where line.hasPrefix("C: "): lines.append(.client(.line(rest)))
        default:
            guard let colon = line.firstIndex(of: ":") else { throw Unreadable(file: name, line: line) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            expected[String(line[..<colon])] = String(value)
        }
    }

    private static func unescaped(_ text: String, _ file: String) throws -> [UInt8] {
        var octets: [UInt8] = []
        var rest = text.utf8[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "\\") else {
                octets.append(octet)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "r"): octets.append(13)
            case UInt8(ascii: "n"): octets.append(10)
            case UInt8(ascii: "s"): octets.append(32)
            case UInt8(ascii: "x"):
                guard let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else {
                    throw Unreadable(file: file, line: text)
                }
                octets.append(value)
                rest = rest.dropFirst(2)
            default: throw Unreadable(file: file, line: text)
            }
        }
        return octets
    }
}
