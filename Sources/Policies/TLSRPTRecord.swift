// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The TXT record at `_smtp._tls.<domain>` (RFC 8460 §3): `v=TLSRPTv1; rua=mailto:tls@example.com`
///
/// Of several records those that do not begin `v=TLSRPTv1;` are discarded, and unless exactly one remains there is no
/// reporting; of a sole one the grammar decides, in which white space may stand before the semicolon. `rua` can appear more
/// than once and hold several URIs: `mailto:` and `https:` are what a report can be sent to.
public enum TLSRPTRecord {
    private static let version = "v=TLSRPTv1"

    /// Reads the answer to the TXT question for `_smtp._tls.<domain>`.
    public static func observe(_ answer: PolicyAnswer) -> TLSRPTObservation {
        var seen = TLSRPTObservation(outcome: .absent, status: answer.status)
        guard answer.status.isAnswered else {
            seen.outcome = .dnsTempfail
            return seen
        }
        let isSole = answer.texts.count == 1
        let records = answer.texts.filter { text in
            FieldList.start(of: text, version).map { isSole || $0.hasPlainStart } ?? false
        }
        switch records.count {
        case 0:
            let meant = answer.texts.filter { $0.containsIgnoringCase("tlsrpt") }
            guard !meant.isEmpty else { return seen }
            seen.outcome = meant.contains { $0.elementsEqual(version.utf8) } ? .noRUA : .syntax
            seen.raw = PolicyText(records: meant)
        case 1:
            (seen.outcome, seen.reportURIs) = read(records[0])
            seen.raw = PolicyText(records[0])
        default:
            seen.outcome = .multiple
            seen.raw = PolicyText(records: records)
        }
        return seen
    }

    /// Whether a record would be valid if it stood alone.
    static func isValid(_ record: [UInt8]) -> Bool {
        FieldList.start(of: record, version) != nil && read(record).0 == .valid
    }

    /// Reads one record that has fields.
    private static func read(_ record: [UInt8]) -> (TLSRPTOutcome, [ReportURI]) {
        var uris: [ReportURI] = []
        var hasEmptyRUA = false
        for field in FieldList(afterVersion: FieldList.start(of: record, version)?.rest ?? []).fields {
            guard let field else { return (.syntax, uris) }
            if field.isNamed("rua") {
                let list = ReportURIList(field.value)
                if field.value.isEmpty {
                    hasEmptyRUA = true
                } else if list.hasFault || field.value.first?.isBlank == true {
                    return (.syntax, uris + list.uris)
                }
                uris += list.uris
            } else if !field.isExtension {
                return (.syntax, uris)
            }
        }
        guard !uris.isEmpty, !hasEmptyRUA else { return (.noRUA, uris) }
        return (uris.contains { $0.kind != .other } ? .valid : .badRUAScheme, uris)
    }
}
