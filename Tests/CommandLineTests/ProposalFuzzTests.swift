// SPDX-License-Identifier: Apache-2.0
import Mutations
import Observations
import Policies
import Testing

@testable import mxcensus

/// Whatever a domain publishes: whatever is proposed to it is valid when it is published in turn, and then there is nothing
/// left to mend in it.
struct ProposalFuzzTests {
    private static let names = ["@", "_dmarc", "_smtp._tls", "_mta-sts"]
    private static let seeds: [String: [String]] = [
        "@": ["v=spf1 mx a:mail.example ip4:192.0.2.0/24 ~all", "v=spf1 redirect=spf.example exp=why.example"],
        "_dmarc": [
            "v=DMARC1; p=reject; sp=none; rua=mailto:d@mail.example.com; fo=1:d; adkim=s", "v=DMARC1;p=none;t=y;psd=n",
        ],
        "_smtp._tls": ["v=TLSRPTv1; rua=mailto:a@x.example,https://x.example/r; note=x"],
        "_mta-sts": ["v=STSv1; id=20261122; note=x"],
    ]
    private static let words = [
        ";;", "; ", "=", "p=", "x", "\\;", "\"", "rua=", "id=", "mailto:", "redirect=spf.example", "moo", "-all", " | ",
        String(repeating: "ip4:192.0.2.1 ", count: 30), "\u{E9}",
    ]

    @Test func recordsAreMendedByWhatIsProposed() async throws {
        var proposed = 0
        var inputs = Self.names.enumerated().map { index, name in
            Mutations(of: Self.seeds[name] ?? [], words: Self.words, count: 250, seed: UInt64(index))
        }
        for round in 0..<250 {
            var texts: [String: [String]] = [:]
            for (index, name) in Self.names.enumerated() {
                guard let text = inputs[index].next() else { break }
                // Now and then a second record stands beside it.
                texts[name] = [String(decoding: text, as: UTF8.self)] + (round % 5 == 0 ? Self.seeds[name] ?? [] : [])
            }
            let advice = try await advised(texts)
            for line in advice {
                for record in Proposal.records(in: line) {
                    proposed += 1
                    let name = record.name.replacing(/\.?mail\.example\.com\.$/, with: "")
                    guard Self.names.contains(name) || name.isEmpty else { continue }
                    let owner = name.isEmpty ? "@" : name
                    #expect(record.strings.allSatisfy { $0.utf8.count <= 255 })
                    let again = try await advised([owner: [record.text]])
                    #expect(
                        again.allSatisfy { Self.isBeyondGrammar($0) }, "\(texts[owner] ?? []): \(record.text): \(again)"
                    )
                }
            }
        }
        #expect(proposed > 200)
    }

    @Test func filesAreMendedByWhatIsProposed() async throws {
        let seeds = [
            "version: STSv1\r\nmode: enforce\r\nmx: *.example.net\r\nmax_age: 1209600\r\n",
            "mode: none\nversion: STSv1\nmax_age: 0\nnote: x",
        ]
        let words = ["mode:", "enforce", "mx: ", "\n", "\r", "max_age: 1", ":", "x_y: z", "\0", "*."]
        var proposed = 0
        for body in Mutations(of: seeds, words: words, count: 250, seed: 6) {
            let text = String(decoding: body, as: UTF8.self)
            for line in try await advised(["_mta-sts": ["v=STSv1; id=a"]], file: text) {
                let lines = Proposal.file(in: line)
                proposed += 1
                let again = try await advised(["_mta-sts": ["v=STSv1; id=b"]], file: lines.joined(separator: "\n"))
                #expect(!lines.isEmpty && again.isEmpty, "\(text): \(lines): \(again)")
            }
        }
        #expect(proposed > 100)
    }

    private func advised(
        _ texts: [String: [String]],
        file: String = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"
    ) async throws -> [String] {
        var domain = AdvisedDomain(texts: texts, elsewhere: ["spf.example": ["v=spf1 -all"]])
        domain.file = file
        return try await domain.advice()
    }

    /// What a record leads to elsewhere, a proposal cannot mend.
    private static func isBeyondGrammar(_ advice: String) -> Bool {
        ["has no usable SPF record", "DMARC reports go to a domain", "lead to nothing", "lets everybody send"]
            .contains { advice.contains($0) }
    }
}
