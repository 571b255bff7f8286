// SPDX-License-Identifier: Apache-2.0
public import Store

/// How a run of a survey ends.
public enum SurveyEnding: Sendable, Hashable {
    /// Everything was measured.
    case complete
    /// It was told to stop.
    case stopped
    /// A canary was not well, so that nothing that was seen since can be believed.
    case canaryFailed(CanaryFailure)
    /// After so many pauses, refusals for reputation go on all over the internet.
    case refusedEverywhere(pauses: Int)
}

extension SurveyEnding {
    /// The word for it in the table of scans.
    public var status: ScanStatus {
        switch self {
        case .complete: .complete
        case .stopped: .partial
        case .canaryFailed: .abortedCanary
        case .refusedEverywhere: .abortedComplaint
        }
    }
}
