// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Scenarios of other validators put to the program itself: a resolver that replays them on loopback, one question, and
/// the last word.
@Suite(.enabled(if: Vectors.folder != nil, Comment(rawValue: Vectors.absence)))
struct VectorReplayTests {
    /// How the resolver behaves; none of it may matter.
    enum Manner: String, CaseIterable {
        case plain
        /// AD on everything, on what is bogus too.
        case ad
        /// Nothing over UDP but TC.
        case tcp

        var options: [String] { self == .plain ? [] : ["--\(rawValue)"] }
    }

    @Test(arguments: Manner.allCases) func theLastWordIsTheirs(manner: Manner) throws {
        let cases = try Vectors.cases(["dnssec-mx", "dnssec-resigned", "dnssec-raw"])
        let replay = try Replay(files: cases.map(\.file), manner.options)
        defer { replay.stop() }
        #expect(replay.ports.count == cases.reduce(0) { $0 + $1.cases.count })
        var right = 0
        var contested = 0
        for ((file, vector), port) in zip(cases.flatMap { file in file.cases.map { (file.file, $0) } }, replay.ports) {
            let scratch = try Scratch()
            let anchor = try scratch.write("anchor", vector.trustAnchors.joined(separator: "\n") + "\n")
            let moment = Date(timeIntervalSince1970: vector.time).formatted(.iso8601)
            let result = try Program.run(
                "resolve", vector.query.name, vector.query.type, "--resolver", "127.0.0.1:\(port)",
                "--trust-anchor", anchor, "--time", moment)
            let word = result.output.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
            guard vector.grade != "contested" else {
                contested += 1
                continue
            }
            #expect(vector.accept.contains(word), "\(file) \(vector.id)\n\(result.transcript)")
            #expect(result.status == 0, "\(file) \(vector.id)\n\(result.transcript)")
            if vector.accept.contains(word) { right += 1 }
        }
        print("\(manner.rawValue): \(right) of \(replay.ports.count - contested) right, \(contested) contested")
        #expect(right > 0)
    }
}

/// The folder `shared/vectors` beside the package, or the one that MXCENSUS_VECTORS names.
enum Vectors {
    struct Case: Decodable {
        struct Query: Decodable {
            let name: String
            let type: String
        }
        let id: String
        let time: TimeInterval
        let trustAnchors: [String]
        let query: Query
        let accept: [String]
        let grade: String
    }

    static let absence: String = "no folder shared/vectors beside the package"

    /// The package itself.
    static let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["MXCENSUS_VECTORS"].map { URL(fileURLWithPath: $0) }
        let folder = named ?? package.deletingLastPathComponent().appendingPathComponent("shared/vectors")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// The files' paths and what is in them.
    static func cases(_ names: [String]) throws -> [(file: String, cases: [Case])] {
        struct CaseFile: Decodable { let cases: [Case] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try names.map { name in
            let file = try #require(folder).appendingPathComponent("\(name).json")
            return (file.path, try decoder.decode(CaseFile.self, from: Data(contentsOf: file)).cases)
        }
    }
}

/// `replay.py` at work.
struct Replay {
    let ports: [Int]
    private let process = Process()
    private let input = Pipe()

    init(files: [String], _ options: [String]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            ["-B", Vectors.package.appendingPathComponent("Tests/Lab/replay/replay.py").path] + options + files
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var text = Data()
        while !text.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            text += more
        }
        ports = try JSONDecoder().decode([Int].self, from: text.prefix { $0 != UInt8(ascii: "\n") })
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
