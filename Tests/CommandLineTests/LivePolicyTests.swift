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

    /// Each word of the vocabulary has a domain in the lab.
    @Test(arguments: [
        (
            "mta_sts", "record",
            "absent valid multiple bad_version missing_id bad_id syntax dns_tempfail dns_bogus"
        ),
        (
            "mta_sts", "fetch",
            """
            ok host_nxdomain host_nodata host_dns_tempfail tcp_refused tcp_timeout tcp_reset tls_handshake cert_expired
            cert_untrusted cert_name_mismatch http_3xx http_404 http_4xx http_5xx http_other_2xx content_type_not_text_plain
            too_large timeout truncated not_reached
            """
        ),
        (
            "mta_sts", "policy",
            """
            valid_enforce valid_testing valid_none no_version bad_version no_mode bad_mode no_max_age bad_max_age no_mx
            bad_mx_pattern bad_line not_text not_reached
            """
        ),
        ("mta_sts", "match_domain", "all some none na"),
        ("domain_mx", "sts_match", "match_exact match_wildcard no_match"),
        ("domains", "sts_domain", "none invalid valid_none valid_testing valid_enforce unknown not_reached"),
        ("txt_policies", "tlsrpt", "absent valid multiple no_rua bad_rua_scheme syntax dns_tempfail"),
        (
            "txt_policies", "spf",
            """
            absent valid multiple syntax too_many_lookups void_lookups include_error redirect_error loop dns_tempfail
            """
        ),
        (
            "txt_policies", "dmarc",
            "absent valid multiple syntax no_p bad_p external_rua_unauthorised dns_tempfail"
        ),
        ("txt_policies", "dkim_hint", "ent_present nxdomain nodata_wildcard dns_tempfail"),
    ])
    func everyWordIsStated(table: String, column: String, words: String) throws {
        let cells = PolicyExpectations(try Lab.required().description()).cells.filter { cell in
            let isOfKind = table == "txt_policies" ? cell.key["kind"] == column && cell.column == "outcome" : nil
            return cell.table == table && isOfKind ?? (cell.column == column)
        }
        #expect(Set(cells.map(\.value)) == Set(words.split(whereSeparator: \.isWhitespace).map(String.init)))
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
}
