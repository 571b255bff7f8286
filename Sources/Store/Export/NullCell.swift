// SPDX-License-Identifier: Apache-2.0
// One system for what is not there. In the database such a cell is NULL; in a release it says why, from the word of the
// stage that the column belongs to, in the same row:
//
//   the stage was not reached, or came to a conclusion without this value     empty   does not apply
//   the stage was not measured                                                NM
//   the stage is of class T or L, after all retries                           UNK
import Observations

/// What an empty value means for a column.
enum NullRule: Hashable {
    /// It never applied: an empty cell.
    case notApplicable
    /// Nobody asks for this value yet.
    case notMeasured
    /// As the word in `column` says (an SQL expression over the row), a word of the vocabulary `stage`.
    case stage(column: String, of: String)
}

enum NullCell {
    static let notApplicable = ""
    static let notMeasured = "NM"
    static let unknown = "UNK"

    /// The cell for NULL where the row's stage says `word`. A word outside the vocabulary is not taken for a fact.
    static func text(word: String, of stage: String) -> String {
        switch word {
        case "not_reached": notApplicable
        case "not_measured": notMeasured
        default:
            switch Vocabulary.classes[stage]?[word] {
            case .conclusive: notApplicable
            case .transient, .local, .none?, nil: unknown
            }
        }
    }
}
