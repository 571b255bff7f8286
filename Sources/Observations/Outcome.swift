// SPDX-License-Identifier: Apache-2.0

/// How far an outcome can be believed.
public enum OutcomeClass: String, Sendable, CaseIterable {
    /// A fact about the target.
    case conclusive = "C"
    /// A passing state of the target or of the way to it: asked again later, never a "no".
    case transient = "T"
    /// Our own limit or vantage point: never a fact about the target.
    case local = "L"
    /// The stage was not reached, does not apply, or was not measured.
    case none = "-"
}

/// One code per stage: these words are the values in the database and in the CSV.
///
/// Every vocabulary has `not_reached` (an earlier stage ended the matter) and `not_measured` (we did not ask).
public protocol Outcome: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The stage's name in the published vocabulary.
    static var stage: String { get }
    /// An earlier stage ended the matter.
    static var notReached: Self { get }
    /// We did not ask.
    static var notMeasured: Self { get }
    /// How far this word can be believed.
    var outcomeClass: OutcomeClass { get }
}
