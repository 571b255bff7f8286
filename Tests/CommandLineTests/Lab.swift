// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The lab around us, if there is one: `Tests/Lab/lab.sh` names its files in the environment.
struct Lab {
    let folder: String
    let resolver: String

    /// Why the live suites do not run here; shown with each skipped one.
    static let absence: String = "no lab around us: run through Tests/Lab/lab.sh"
    static var isHere: Bool { here != nil }

    static let here: Lab? = {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["MXCENSUS_LAB"], let resolver = environment["MXCENSUS_RESOLVER"] else {
            return nil
        }
        return Lab(folder: folder, resolver: resolver)
    }()

    /// The lab; only live suites ask.
    static func required() throws -> Lab {
        guard let here else { throw Missing() }
        return here
    }

    struct Missing: Error {}

    var list: String { folder + "/domains.csv" }

    /// What every measuring command needs to work in here. The lab's own peers decide what is slow: a black hole costs
    /// the connect timeout, silent servers the others.
    var options: [String] {
        [
            "--lab", "--resolver", resolver, "--trust-anchor", folder + "/root.ds", "--ca-file", folder + "/ca.pem",
            "--connect-timeout", "3", "--greeting-timeout", "8", "--reply-timeout", "6",
            "--policy-timeout", "5",
        ]
    }

    /// The description with its expectations.
    func description() throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/internet.json"))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// Scans a list and exports it into `folder`.
    func survey(list: String? = nil, into scratch: Scratch, name: String = "survey", extra: [String] = []) throws
        -> String
    {
        let database = scratch.path(name + ".sqlite")
        let scan = try Program.run(["scan", list ?? self.list, "--into", database, "--quiet"] + options + extra)
        guard scan.status == 0 else { throw Failed(transcript: scan.transcript) }
        return try export(database, to: scratch.path(name + "-export"))
    }

    /// Exports a database and answers the folder.
    func export(_ database: String, to folder: String) throws -> String {
        let result = try Program.run("export", database, "--to", folder)
        guard result.status == 0 else { throw Failed(transcript: result.transcript) }
        return folder
    }

    struct Failed: Error {
        let transcript: String
    }
}
