// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The TXT record at `_smtp._tls.<domain>` (RFC 8460 §3): `v=TLSRPTv1; rua=mailto:tls@example.com`
///
/// Records that do not begin `v=TLSRPTv1;` are discarded, and unless exactly one remains there is no reporting. `rua` can
/// appear more than once and hold several URIs: `mailto:` and `https:` are what a report can be sent to.
public enum TLSRPTRecord {
    private static let version = "v=TLSRPTv1;"

    /// Reads the answer to the TXT question for `_smtp._tls.<domain>`.
    public static func observe(_ answer: PolicyAnswer) -> TLSRPTObservation {
        var seen = TLSRPTObservation(outcome: .absent, status: answer.status)
        guard answer.status.isAnswered else {
            seen.outcome = .dnsTempfail
            return seen
        }
        let records = answer.texts.filter { $0.starts(with: version.utf8) }
        switch records.count {
        case 0:
            let meant = answer.texts.filter { $0.containsIgnoringCase("tlsrpt") }
            guard !meant.isEmpty else { return seen }
            seen.outcome = meant.contains { $0.elementsEqual(version.utf8.dropLast()) } ? .noRUA : .syntax
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

    /// Reads one record that begins `v=TLSRPTv1;`.
    static func read(_ record: [UInt8]) -> (TLSRPTOutcome, [ReportURI]) {
        var uris: [ReportURI] = []
        var hasEmptyRUA = false
        for field in FieldList(afterVersion: record[version.utf8.count...]).fields {
            guard let field else { return (.syntax, uris) }
            if field.isNamed("rua") {
                let list = ReportURIList(field.value)
                if field.value.isEmpty {
                    hasEmptyRUA = true
                } else if list.hasFault {
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
