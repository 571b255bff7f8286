// SPDX-License-Identifier: Apache-2.0

import Observations

/// What was found out about one part of an answer, and why.
struct Finding: Error, Hashable {
    var security: Security
    /// A sentence for people; nil for secure.
    var reason: String?
    /// INFO-CODE of RFC 8914 that fits the reason.
    var code: Int?
    /// Whether nothing but an opt-out gap makes it insecure: an unsigned delegation may be there, and need not.
    var isByOptOut = false

    static let secure = Finding(security: .secure)

    static func insecure(_ reason: String, code: Int? = nil) -> Finding {
        Finding(security: .insecure, reason: reason, code: code)
    }

    static func bogus(_ reason: String, _ code: EDE = .bogus) -> Finding {
        Finding(security: .bogus, reason: reason, code: code.rawValue)
    }

    /// The INFO-CODEs that validation itself comes to (RFC 8914 §4).
    enum EDE: Int {
        case unsupportedAlgorithm = 1
        case unsupportedDigest = 2
        case indeterminate = 5
        case bogus = 6
        case signatureExpired = 7
        case signatureNotYetValid = 8
        case keyMissing = 9
        case signaturesMissing = 10
        case noZoneKeyBit = 11
        case denialMissing = 12
        case expiredBeforeValid = 25
        case unsupportedIterations = 27
    }

    /// RFC 4035 §4.3: a whole is as secure as its weakest part. Bogus before indeterminate: a proven failure
    /// does not get better by what is not known.
    var weakness: Int {
        switch security {
        case .secure: 0
        case .insecure: 1
        case .indeterminate: 2
        default: 3
        }
    }

    /// The weaker of the two, the first of equals.
    func weaker(_ other: Finding) -> Finding { other.weakness > weakness ? other : self }
}
