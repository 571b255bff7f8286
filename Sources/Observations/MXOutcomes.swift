// SPDX-License-Identifier: Apache-2.0

/// What a domain says about its mail hosts (RFC 5321 §5.1, RFC 7505).
public enum MXShape: String, Outcome {
    /// MX records that name hosts.
    case explicit
    /// A sole `MX 0 .`: the domain accepts no mail (RFC 7505 §3).
    case nullMx = "null_mx"
    /// A sole `MX n .` with a preference other than 0.
    case nullMxNonzeroPref = "null_mx_nonzero_pref"
    /// `.` beside other hosts, which RFC 7505 §3 forbids.
    case nullMxMixed = "null_mx_mixed"
    /// No MX, but an address: the domain itself is the host (RFC 5321 §5.1).
    case implicit
    /// No MX and no address.
    case noMail = "none"
    /// The domain does not exist.
    case nxdomain
    /// Every MX target is an address literal, `localhost`, or no host name.
    case allTargetsInvalid = "all_targets_invalid"
    /// The MX question had no conclusive answer.
    case unknown
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "mx_shape" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .unknown: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// Remarks on a domain's MX records; several can hold at once.
public enum MXFlag: String, CaseIterable, Hashable, Sendable {
    /// A target is an alias (RFC 2181 §10.3 forbids it; senders follow it).
    case targetIsCNAME = "target_is_cname"
    /// A target has no address.
    case targetUnresolvable = "target_unresolvable"
    /// A target has an address of the special-use registries.
    case targetSpecialUseIP = "target_special_use_ip"
    /// A target has a single label.
    case targetSingleLabel = "target_single_label"
    /// The same target twice.
    case duplicateTarget = "duplicate_target"
    /// More targets than are followed; the least preferred were left out.
    case truncatedAtLimit = "truncated_at_limit"
    /// The domain has an address, no MX and `v=spf1 -all`: it should publish a null MX.
    case noNullMXButSPFMinusAll = "no_null_mx_but_spf_-all"
}
