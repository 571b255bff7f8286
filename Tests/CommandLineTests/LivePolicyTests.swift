// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The lab's domains with policies are scanned and exported, and every cell that `policies.yaml` states is compared.
/// That the statements are right is told by `Tests/Lab/policy_peers`.
@Suite(.enabled(if: Lab.isHere, Comment(rawValue: Lab.absence)), .serialized)
struct LivePolicyTests {
    @Test func everyStatedPolicyIsInTheDataset() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let export = try lab.survey(list: lab.folder + "/policies.csv", into: scratch)
        let cells = PolicyExpectations(try lab.description()).cells
        #expect(cells.count > 400)
        // What a survey has not asked for yet has no rows, and then the summaries that come of it have no words.
        for (source, columns) in [
            ("mta_sts", ["mta_sts", "domains", "domain_mx"]), ("txt_policies", ["txt_policies"]),
        ] {
            let asked = try? CSVTable(file: export + "/\(source).csv")
            // Records alone are not yet what is stated: the files behind them are fetched, too.
            let isFetched = { (row: [String: String]) in source != "mta_sts" || row["fetch"] == "ok" }
            guard let asked, asked.rows.contains(where: isFetched) else {
                print("stated, but not asked by this survey: the table \(source)")
                continue
            }
            for table in columns {
                let rows = try CSVTable(file: export + "/\(table).csv")
                for cell in cells where cell.table == table {
                    #expect(rows.row(cell.key)?[cell.column] == cell.value, "\(cell)")
                }
            }
        }
    }

    /// RFC 8659 §3: at the name, or at the closest one above it; whose mailbox it is, a release need not say.
    @Test func whoMayIssueCertificatesForAMailHost() throws {
        let lab = try Lab.required()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", "caa.dkim.beta\ncaaabove.dkim.beta\nenforce.sts.beta\n")
        let hosts = try CSVTable(file: lab.survey(list: list, into: scratch) + "/mx_hosts.csv").rows
        #expect(
            Dictionary(uniqueKeysWithValues: hosts.map { ($0["mx_host"], $0["caa"]) }) == [
                "mx.caa.dkim.beta": #"["0 iodef \"mailto:@caa.dkim.beta\"","0 issue \"ca.example\""]"#,
                "mx.caaabove.dkim.beta": #"["0 issue \";\""]"#, "mx1.good.alpha": "[]",
            ])
    }

    /// The broken part, what the RFC says of it, and what would be right.
    @Test func checkSaysWhichPartIsBrokenAndWhatWouldBeRight() throws {
        let lab = try Lab.required()
        let broken = [
            ("several.sts.beta", "more than one MTA-STS record", "_mta-sts.several.sts.beta. TXT"),
            ("nxhost.sts.beta", "a host that does not exist (RFC 8461 §3.3)", "record at `mta-sts.nxhost.sts.beta.`"),
            ("wrongname.sts.beta", "certificate is for other names", "DNS names include `mta-sts.wrongname.sts.beta`"),
            (
                "redirect.sts.beta", "a redirect, which senders must not follow",
                "status 200, `Content-Type: text/plain`"
            ),
            ("nomode.sts.beta", "has no `mode` (RFC 8461 §3.2)", "mode: testing"),
            ("mismatch.sts.beta", "senders deliver no mail to them", "mx: mx1.good.alpha"),
        ]
        for (domain, fault, right) in broken {
            let page = try Program.run(["check", domain] + lab.options).output
            #expect(page.contains(fault) && page.contains(right), "\(page)")
        }
    }
}
