// SPDX-License-Identifier: Apache-2.0

/// How a host's TLSA records prepare for its next key (RFC 7671 §8): the word for what they do, not for how many they
/// are. Several records that are all about the key in use help nobody when it changes.
public enum RolloverOutcome: String, Outcome {
    /// One record, or none that would outlive the key in use.
    case none
    /// Two keys of one kind are published, and both are in use at the host's addresses: the change is under way.
    case currentNext = "current_next"
    /// The key in use, and a trust anchor that it is signed under (RFC 7671 §8.2).
    case currentCA = "current_ca"
    /// Several records for the host's own certificate, all about the one in use, or shadowed.
    case duplicateOnly = "duplicate_only"
    /// The key in use, and one that no address uses yet (RFC 7671 §8.1).
    case prepublished
    /// One record for each of the kinds of keys that the host uses side by side, and none beyond.
    case dualAlgorithm = "dual_algorithm"
    /// The host has no usable records, or showed no certificate.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "rollover" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
