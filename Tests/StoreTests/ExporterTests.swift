// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observations
import Testing

@testable import Store

/// A small reader of RFC 4180, independent of the writer.
struct CSVLines {
    let header: [String]
    let records: [[String: String]]

    init(_ path: String) throws {
        var lines: [[String]] = [[]]
        var field = ""
        var quoted = false
        var characters = Array(try String(contentsOfFile: path, encoding: .utf8).unicodeScalars)[...]
        while let next = characters.popFirst() {
            switch (next, quoted) {
            case ("\"", true) where characters.first == "\"": field.unicodeScalars.append(characters.removeFirst())
            case ("\"", _): quoted.toggle()
            case (",", false), ("\n", false):
                lines[lines.count - 1].append(field)
                field = ""
                if next == "\n" { lines.append([]) }
            default: field.unicodeScalars.append(next)
            }
        }
        header = lines[0]
        let names = lines[0]
        records = lines.dropFirst().dropLast().map { Dictionary(zip(names, $0)) { first, _ in first } }
    }
}

@Suite struct ExporterTests {
    let folder: ScratchFolder
    let store: SurveyStore
    let session: ScanSession

    init() async throws {
        folder = try ScratchFolder()
        store = try SurveyStore.inMemory()
        session = try store.beginOrResumeScan(Sample.description())
        try await session.addInput([
            InputRow(
                domain: try Sample.name("xn--bcher-kva.test"), unicode: "bücher.test", rank: 7,
                labels: ["sector": "a, \"b\""]),
            InputRow(domain: try Sample.name("a.test")), InputRow(domain: try Sample.name("pending.test")),
        ])
        try await session.record(domain: Sample.domain("a.test", .explicit, [(10, "m2.test"), (10, "m1.test")]))
        try await session.record(
            domain: Sample.domain("xn--bcher-kva.test", .unknown, outcome: .timeout, security: .indeterminate))
        try await session.record(host: Sample.host("m2.test", ["192.0.2.9", "192.0.2.10"]))
        var secured = try Sample.secured(Sample.endpoint("m2.test", "192.0.2.9"), chain: ["leaf"])
        secured.software = "=HYPERLINK(1)"
        secured.chains[.full]?.certificates[0].subjectCN = "line\nbreak"
        secured.chains[.full]?.certificates[0].isSelfSigned = true
        try await session.record(endpoint: secured)
        try await session.record(endpoint: Sample.failed(Sample.endpoint("m2.test", "192.0.2.10"), .timeout))
        try await session.flush()
    }

    private func export() throws -> [Exporter.File] {
        try Exporter(store, scanID: session.scanID).write(to: folder.path)
    }

    private func table(_ name: String) throws -> CSVLines { try CSVLines(folder.file(name + ".csv")) }

    @Test func everyTableIsAFileWithItsPublishedColumnsAndRows() throws {
        let files = try export()
        let rows = Dictionary(
            uniqueKeysWithValues: files.map { (String($0.path.dropFirst(folder.path.count + 1)), $0.rows) })
        #expect(
            rows == [
                "scans.csv": 1, "domains.csv": 3, "domain_mx.csv": 2, "mx_hosts.csv": 2, "tlsa.csv": 0,
                "endpoints.csv": 2,
                "attempts.csv": 2, "tls_probes.csv": 1, "tls_suites.csv": 0, "endpoint_certs.csv": 1,
                "certificates.csv": 1, "mta_sts.csv": 0, "txt_policies.csv": 0,
            ])
        for file in files {
            let name = String(file.path.dropFirst(folder.path.count + 1).dropLast(4))
            #expect(try table(name).header == SchemaTests.columns(of: name))
            #expect(try table(name).records.count == file.rows)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".part") } == [])
    }

    @Test func theSameDatabaseGivesTheSameOctets() throws {
        let first = try export().map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) }
        let second = try export().map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) }
        #expect(first == second && first.count == 13)
    }

    @Test func rowsAreSortedByTheirKeys() throws {
        _ = try export()
        #expect(try table("domains").records.map { $0["domain"] } == ["a.test", "pending.test", "xn--bcher-kva.test"])
        #expect(try table("domain_mx").records.map { $0["mx_host"] } == ["m1.test", "m2.test"])
        #expect(try table("endpoints").records.map { $0["ip"] } == ["192.0.2.10", "192.0.2.9"])
    }

    @Test func cellsAreQuotedAndGuardedAsRFC4180AndSpreadsheetsNeed() throws {
        _ = try export()
        let domain = try #require(try table("domains").records.last)
        #expect(domain["labels"] == #"{"sector":"a, \"b\""}"#)
        #expect(domain["domain_unicode"] == "bücher.test" && domain["rank"] == "7")
        #expect(try table("endpoints").records.last?["banner_software"] == "'=HYPERLINK(1)")
        let certificate = try #require(try table("certificates").records.first)
        #expect(certificate["subject_cn"] == "line\nbreak")
        #expect(certificate["self_signed"] == "true" && certificate["is_ca"] == "false")
        #expect(certificate["der"] == nil)
    }

    @Test func emptyCellsSayWhyTheyAreEmpty() throws {
        _ = try export()
        let domains = try table("domains").records
        #expect(domains.map { $0["mx_rcode"] } == ["0", "NM", "UNK"])
        #expect(domains.map { $0["mx_count"] } == ["2", "NM", "UNK"])
        #expect(domains.map { $0["starttls_any"] } == ["NM", "NM", "UNK"])
        #expect(domains.map { $0["dns_mx_outcome"] } == ["noerror_data", "not_measured", "timeout"])
        let endpoints = try table("endpoints").records
        #expect(endpoints.map { $0["tcp_errno"] } == ["UNK", ""])
        #expect(endpoints.map { $0["greeting_code"] } == ["", "220"])
        #expect(endpoints.map { $0["asn"] } == ["NM", "NM"])
        #expect(try table("mx_hosts").records.map { $0["expanded_name"] } == ["NM", "m2.test"])
        let probe = try #require(try table("tls_probes").records.first)
        #expect(probe["dh_bits"] == "" && probe["pkix_codes"] == "NM" && probe["server_preference"] == "NM")
    }

    @Test func anotherScansRowsStayOut() async throws {
        let other = try store.beginOrResumeScan(Sample.description("feedbeef"))
        try await other.addInput([InputRow(domain: try Sample.name("other.test"))])
        try await other.flush()
        _ = try Exporter(store, scanID: other.scanID).write(to: folder.path)
        #expect(try table("domains").records.map { $0["domain"] } == ["other.test"])
        #expect(try table("certificates").records.isEmpty)
    }

    @Test func aScanThatIsNotThereAndAFolderThatCannotBeMadeAreNamed() throws {
        #expect(throws: StoreError.noSuchScan(path: "(memory)", scanID: "x")) {
            _ = try Exporter(store, scanID: "x").write(to: folder.path)
        }
        let file = folder.file("file")
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        #expect(throws: StoreError.missing(path: file + "/deep")) {
            _ = try Exporter(store, scanID: session.scanID).write(to: file + "/deep")
        }
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@x", "'@x"), ("a=b", "a=b"), ("", ""), ("NM", "'NM"),
        ("UNK", "'UNK"), ("Postfix", "Postfix"),
    ])
    func wordsOfOthersAreNoFormulas(text: String, cell: String) { #expect(FreeText.guarded(text) == cell) }
}
