// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The TXT record at `_mta-sts.<domain>` (RFC 8461 §3.1): `v=STSv1; id=20160831085700Z;`
///
/// * Of several records those that do not begin `v=STSv1;` are discarded; more than one that does is as good as none. Of a
///   sole one the grammar decides, in which white space may stand before the semicolon, as in TLS-RPT. A bare `v=STSv1` is
///   then a record of this version that lacks its `id`.
/// * `id` is 1 to 32 letters and digits. Other fields are ignored if they follow the grammar.
/// * Of a field that appears twice the first counts (§3.2, last paragraph, speaks of TXT records, too).
public enum STSRecord {
    private static let version = "v=STSv1"

    /// Reads the answer to the TXT question for `_mta-sts.<domain>`.
    public static func observe(_ answer: PolicyAnswer) -> STSRecordObservation {
        var seen = STSRecordObservation(outcome: .absent, status: answer.status, aliasTarget: answer.aliasTarget)
        switch answer.status.finding {
        case .data: break
        case .nodata, .nxdomain: return seen
        case .bogus:
            seen.outcome = .dnsBogus
            return seen
        case .trouble:
            seen.outcome = .dnsTempfail
            return seen
        }
        let isSole = answer.texts.count == 1
        let records = answer.texts.filter { text in
            FieldList.start(of: text, version).map { isSole || $0.hasPlainStart } ?? false
        }
        switch records.count {
        case 0:
            let meant = answer.texts.filter(isMeant)
            guard !meant.isEmpty else { return seen }
            seen.outcome = isSole && isBareVersion(answer.texts[0]) ? .missingID : .badVersion
            seen.raw = PolicyText(records: meant)
        case 1:
            (seen.outcome, seen.id) = read(records[0])
            seen.raw = PolicyText(records[0])
        default:
            seen.outcome = .multiple
            seen.raw = PolicyText(records: records)
        }
        return seen
    }

    private static func isBareVersion(_ text: [UInt8]) -> Bool {
        text.starts(with: version.utf8) && text[version.utf8.count...].allSatisfy(\.isBlank)
    }

    /// Whether a record would be valid, wherever it stood.
    static func isValid(_ record: [UInt8]) -> Bool {
        FieldList.start(of: record, version)?.hasPlainStart == true && read(record).0 == .valid
    }

    /// Reads one record that has fields.
    private static func read(_ record: [UInt8]) -> (STSRecordOutcome, id: String?) {
        let list = FieldList(afterVersion: FieldList.start(of: record, version)?.rest ?? [])
        var id: ArraySlice<UInt8>?
        for field in list.fields {
            guard let field else { return (.syntax, nil) }
            if field.isNamed("id") {
                id = id ?? field.value
            } else if !field.isExtension {
                return (.syntax, nil)
            }
        }
        guard let id else { return (.missingID, nil) }
        guard (1...32).contains(id.count), id.allSatisfy({ $0.isLetter || $0.isDigit }) else { return (.badID, nil) }
        return (.valid, id.text)
    }

    /// Whether somebody meant this to be a record. A wildcard's text, or a forgotten one, is no attempt at MTA-STS.
    private static func isMeant(_ text: [UInt8]) -> Bool {
        text.beginsIgnoringCase("v=sts") || text.containsIgnoringCase("stsv")
    }
}
