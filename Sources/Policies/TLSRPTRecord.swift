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
        let records = answer.texts.filter { text in fields(of: text).map { isSole || $0.hasPlainStart } ?? false }
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

    /// What stands behind the version and its semicolon, and whether nothing stands between these two; nil where the text
    /// does not begin so.
    private static func fields(of text: [UInt8]) -> (rest: ArraySlice<UInt8>, hasPlainStart: Bool)? {
        guard text.starts(with: version.utf8) else { return nil }
        let behind = text[version.utf8.count...]
        let delimiter = behind.drop { $0.isBlank }
        guard delimiter.first == UInt8(ascii: ";") else { return nil }
        return (delimiter.dropFirst(), delimiter.count == behind.count)
    }

    /// Reads one record that `fields` knows.
    private static func read(_ record: [UInt8]) -> (TLSRPTOutcome, [ReportURI]) {
        var uris: [ReportURI] = []
        var hasEmptyRUA = false
        for field in FieldList(afterVersion: fields(of: record)?.rest ?? []).fields {
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
