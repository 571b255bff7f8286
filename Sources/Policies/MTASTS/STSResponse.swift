// SPDX-License-Identifier: Apache-2.0

public import Observations

/// What an HTTP response to the policy request is worth (RFC 8461 §3.3).
///
/// Only status 200 carries a policy; redirects are not followed. The media type should be `text/plain` (§3.2, against
/// uploads on hosts that serve what their users write): another one is a finding, and the body is judged all the same.
public enum STSResponse {
    /// The word for a response of which `bodySize` octets of body were seen, to its end if `isComplete`.
    public static func outcome(
        status: Int, contentType: String?, bodySize: Int, isComplete: Bool
    ) -> STSFetchOutcome {
        switch status {
        case 200: break
        case 201...299: return .otherSuccess
        case 300...399: return .redirect
        case 404: return .notFound
        case 400...499: return .clientError
        case 500...: return .serverError
        default: return .truncated
        }
        guard bodySize <= STSPolicyFetch.bodyLimit else { return .tooLarge }
        guard isComplete else { return .truncated }
        return isPlainText(contentType) ? .ok : .contentTypeNotTextPlain
    }

    /// Whether a Content-Type is `text/plain`, whatever its parameters (RFC 9110 §8.3.1).
    static func isPlainText(_ contentType: String?) -> Bool {
        let type = (contentType ?? "").utf8.prefix { $0 != UInt8(ascii: ";") }
        return Array(type)[...].trimmingBlanks.equalsIgnoringCase("text/plain")
    }
}
