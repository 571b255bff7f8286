// SPDX-License-Identifier: Apache-2.0

/// How a limit's rate becomes times, in microseconds: the generic cell rate algorithm (ITU-T I.371), which keeps one
/// number for a key where a counter of tokens keeps two, and needs no clock between two uses.
///
/// The number is the moment at which the bucket is full again. A bucket is never deeper than a twentieth of a second's
/// tokens, and what it holds is taken from the rate, so that no second whatever sees more than `perSecond` beginnings.
struct TokenBucket: Sendable, Hashable {
    /// Microseconds in which one token grows.
    let interval: Int64
    /// How long before the bucket is full a beginning is allowed.
    let tolerance: Int64

    /// nil where the limit knows no rate.
    init?(_ limit: PaceLimit) {
        var interval: Int64 = 0
        var depth: Int64 = 1
        if let perSecond = limit.perSecond, perSecond > 0 {
            depth = max(1, Int64(perSecond) / 20)
            let rate = Int64(perSecond) - depth + 1
            interval = (1_000_000 + rate - 1) / rate
        }
        if let spacing = limit.spacing, Int64(spacing * 1_000_000) >= interval {
            interval = Int64((spacing * 1_000_000).rounded(.up))
            depth = 1
        }
        guard interval > 0 else { return nil }
        self.interval = interval
        tolerance = (depth - 1) * interval
    }

    /// The moment from which the next beginning is allowed, for a bucket that is full at `full`.
    func opens(full: Int64) -> Int64 { full - tolerance }

    /// The moment at which the bucket is full again after a beginning at `now`.
    func afterBeginning(at now: Int64, full: Int64) -> Int64 { max(full, now) + interval }
}
