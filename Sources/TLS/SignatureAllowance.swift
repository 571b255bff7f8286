// SPDX-License-Identifier: Apache-2.0

/// How many signatures a host can make us check by its chain and its TLSA records.
///
/// A server may send hundreds of certificates, and a zone may publish hundreds of keys: each key could have signed each
/// certificate, and each anchor has a path of its own. What nobody needs is not worth the time of everybody else: a chain
/// of five certificates under ten records costs less than a hundred checks.
struct SignatureAllowance {
    /// Checks made so far.
    private(set) var used = 0
    /// Whether something was left unchecked for want of allowance.
    private(set) var isExceeded = false
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether so many checks may still be made. Where not, what they would have shown stays unknown.
    mutating func allows(_ checks: Int) -> Bool {
        guard used + checks <= limit else {
            isExceeded = true
            return false
        }
        return true
    }

    mutating func charge(_ checks: Int) {
        used += checks
    }
}
