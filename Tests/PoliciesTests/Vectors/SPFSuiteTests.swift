// SPDX-License-Identifier: Apache-2.0

import Foundation
import Observations
import Policies
import Testing

/// The RFC 7208 test suite. It asks about senders, and we answer for all of them at once: where it expects `none`,
/// `permerror` or `temperror`, our word must say the same; where it expects a verdict on the sender, the record must be
/// sound, unless another sender would meet an error in it.
struct SPFSuiteTests {
    /// Verdicts on a sender for whom the record's error does not show.
    static let otherSendersFail: [String: SPFOutcome] = [
        // 1.2.3.4 matches after ten look-ups; a sender that does not would need an eleventh.
        "include-at-limit": .tooManyLookups,
        // "or permerror" stands beside the verdict in the suite: §4.5 does.
        "multispf1": .multiple,
    ]

    @Test func agreesWithTheSuite() async throws {
        guard let suites = try VectorFiles.object("spf-rfc7208")?["suites"] as? [[String: Any]] else { return }
        var (aboutRecords, aboutSenders) = (0, 0)
        for suite in suites {
            let zones = SuiteZones(suite["zonedata"] as? [String: [Any]] ?? [:])
            for test in suite["tests"] as? [[String: Any]] ?? [] {
                let id = try #require(test["id"] as? String)
                let expected = Set(test["result"] as? [String] ?? [])
                let sender = (test["mailfrom"] as? String).flatMap { $0.isEmpty ? nil : $0 } ?? test["helo"] as? String
                let outcome = await evaluate(sender ?? "", zones)
                if expected.isSubset(of: ["none", "permerror", "temperror"]) {
                    aboutRecords += 1
                    #expect(expected.contains(outcome.senderResult ?? "valid"), "\(id): \(outcome)")
                } else {
                    aboutSenders += 1
                    #expect(outcome == Self.otherSendersFail[id] ?? .valid, "\(id): \(outcome)")
                }
            }
        }
        print("RFC 7208 suite: \(aboutRecords) cases about records agree; \(aboutSenders) about senders, records sound")
        #expect(aboutRecords > 80)
    }

    private func evaluate(_ sender: String, _ zones: SuiteZones) async -> SPFOutcome {
        let domain = sender.split(separator: "@", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        // §4.3: a malformed domain has no record. Such a name cannot even be made here.
        guard let name = try? DomainName(domain), name.hasHostNameSyntax else { return .absent }
        return await SPFEvaluation.evaluate(name, from: zones).outcome
    }
}

extension SPFOutcome {
    /// What a receiver says before it looks at a sender (§2.6); nil where it has to look.
    fileprivate var senderResult: String? {
        switch self {
        case .valid: nil
        case .absent: "none"
        case .dnsTempfail: "temperror"
        default: "permerror"
        }
    }
}

/// The suite's zones. `SPF` records stand for TXT unless the name has TXT of its own (`NONE` for none), and `TIMEOUT` for
/// every type that is not listed.
private final class SuiteZones: PolicySource {
    private var records: [DomainName: [Any]] = [:]

    init(_ zones: [String: [Any]]) {
        for (name, entries) in zones {
            guard let name = try? DomainName(name) else { continue }
            records[name] = entries
        }
    }

    func answer(to question: PolicyQuestion) async -> PolicyAnswer {
        switch question {
        case .texts(let name): answer(name, ["TXT", "SPF"])
        case .addresses(let name, let family): answer(name, [family == .v4 ? "A" : "AAAA"])
        case .exchanges(let name): answer(name, ["MX"])
        case .nameServers(let name): answer(name, ["NS"])
        }
    }

    private func answer(_ name: DomainName, _ types: [String]) -> PolicyAnswer {
        guard let entries = records[name] else {
            return .nothing(records.keys.contains { $0.isEqualOrBelow(name) } ? .noerrorNodata : .nxdomain)
        }
        let aliases = entries.compactMap { ($0 as? [String: Any])?["CNAME"] as? String }
        if let target = aliases.first.flatMap({ try? DomainName($0) }), target != name { return answer(target, types) }
        for type in types {
            let values = entries.compactMap { ($0 as? [String: Any])?[type] }
            guard !values.isEmpty else { continue }
            if values.contains(where: { $0 as? String == "NONE" }) { break }
            return type == "TXT" || type == "SPF" ? .texts(values.map(octets)) : .records(values.count)
        }
        return .nothing(entries.contains { $0 as? String == "TIMEOUT" } ? .timeout : .noerrorNodata)
    }

    /// Characters up to U+00FF stand for octets.
    private func octets(_ value: Any) -> [UInt8] {
        let text = (value as? String) ?? (value as? [String])?.joined() ?? ""
        return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}
