// SPDX-License-Identifier: Apache-2.0

/// A table of a release: its columns in order, and what sorts its rows.
struct ExportedTable {
    var name: String
    var columns: [ExportedColumn]
    /// The key without `scan_id`; every row of a file has the same one.
    var key: [String]
    /// Which rows belong to a scan; takes its identifier as the only argument.
    var selection = "scan_id = ?"

    /// The query of the file: the columns in order, behind them the words that the null rules ask for.
    var query: String {
        let cells = columns.map { "\"\($0.name)\"" } + stageExpressions
        return "SELECT \(cells.joined(separator: ", ")) FROM \(name) WHERE \(selection) "
            + "ORDER BY \(key.map { "\"\($0)\"" }.joined(separator: ", "))"
    }

    /// The distinct expressions of the null rules, in the order of their first use.
    var stageExpressions: [String] {
        var found: [String] = []
        for case .stage(let expression, _) in columns.map(\.whenNull) where !found.contains(expression) {
            found.append(expression)
        }
        return found
    }
}

/// A column of a release.
struct ExportedColumn: Hashable {
    /// How a value becomes a cell.
    enum Form {
        /// As it is: names, words, numbers, moments, digests.
        case plain
        /// The same: an array or an object, as JSON.
        case json
        /// 1 and 0 as `true` and `false`.
        case boolean
        /// Somebody else's words, which a spreadsheet must not take for a formula.
        case freeText
        /// A published record, as free text, the mailboxes in it without their local part.
        case policyText
    }

    var name: String
    var form: Form
    var whenNull: NullRule
}

/// Short names for the lists of columns.
extension ExportedColumn {
    static func key(_ name: String) -> Self { Self(name: name, form: .plain, whenNull: .notApplicable) }

    static func plain(_ name: String, _ whenNull: NullRule = .notApplicable) -> Self {
        Self(name: name, form: .plain, whenNull: whenNull)
    }

    static func json(_ name: String, _ whenNull: NullRule = .notApplicable) -> Self {
        Self(name: name, form: .json, whenNull: whenNull)
    }

    static func boolean(_ name: String, _ whenNull: NullRule = .notApplicable) -> Self {
        Self(name: name, form: .boolean, whenNull: whenNull)
    }

    static func freeText(_ name: String, _ whenNull: NullRule = .notApplicable) -> Self {
        Self(name: name, form: .freeText, whenNull: whenNull)
    }

    static func policyText(_ name: String, _ whenNull: NullRule) -> Self {
        Self(name: name, form: .policyText, whenNull: whenNull)
    }
}
