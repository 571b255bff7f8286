// SPDX-License-Identifier: Apache-2.0

import Foundation
import Lists
import Observations
import Testing

struct PublicSuffixListTests {
    @Test(arguments: [
        ("mx.example.com", "example.com"), ("example.com", "example.com"), ("a.b.example.co.uk", "example.co.uk"),
        ("www.ck", "www.ck"), ("a.b.c.kobe.jp", "b.c.kobe.jp"), ("a.city.kobe.jp", "city.kobe.jp"),
        ("_dmarc.xn--85x722f.com.cn", "xn--85x722f.com.cn"), ("some.nowhere", "some.nowhere"),
    ])
    func registeredDomain(name: String, registered: String) throws {
        #expect(try PublicSuffixList.registeredDomain(of: DomainName(name))?.description == registered)
    }

    @Test(arguments: ["com", "co.uk", "c.kobe.jp", "anything.ck", "nowhere", "."])
    func noRegisteredDomain(name: String) throws {
        #expect(try PublicSuffixList.registeredDomain(of: DomainName(name)) == nil)
    }

    @Test func saysWhereTheListIsFrom() {
        let provenance = PublicSuffixList.provenance
        #expect(!provenance.library.isEmpty && provenance.sha1.count == 40 && provenance.seconds > 1_500_000_000)
    }

    /// The list's own tests: all of them, names in other scripts as A-labels. A name that begins with a dot is none.
    @Test func agreesWithTheListsOwnTests() throws {
        guard let cases = try SharedVectors.cases("psl", of: SuffixCase.self) else { return }
        var count = 0
        for test in cases {
            count += 1
            let found = Self.name(test.input).flatMap { PublicSuffixList.registeredDomain(of: $0) }
            #expect(found == Self.name(test.registrable), "\(test.input ?? "null")")
        }
        print("public suffix list: \(count) cases agree")
        #expect(count >= 78)
    }

    private static func name(_ text: String?) -> DomainName? {
        guard let text else { return nil }
        if let domain = try? MailDomain(text) { return text.hasPrefix(".") ? nil : domain.name }
        return try? DomainName(text)
    }

    private struct SuffixCase: Decodable {
        let input: String?
        let registrable: String?
    }
}

/// Test data from outside, which is no part of the project; see `Tests/DNSTests/Vectors`.
private enum SharedVectors {
    private struct File<Member: Decodable>: Decodable {
        let cases: [Member]
    }

    static func cases<Case: Decodable>(_ name: String, of type: Case.Type) throws -> [Case]? {
        let package = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let current = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let named = ProcessInfo.processInfo.environment["MXCENSUS_VECTORS"]
            .map { URL(filePath: $0, directoryHint: .isDirectory) }
        let folders = [package, current]
            .map { $0.deletingLastPathComponent().appending(path: "shared/vectors", directoryHint: .isDirectory) }
        guard let folder = named ?? folders.first(where: { FileManager.default.fileExists(atPath: $0.path()) }) else {
            print("skipped: \(name).json, because there is no folder shared/vectors beside the package")
            return nil
        }
        let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
        return try JSONDecoder().decode(File<Case>.self, from: data).cases
    }
}
