// SPDX-License-Identifier: Apache-2.0

import Observations

/// Tells refusals of *us* from refusals of everybody: a 4xx or 5xx reply that names a block list or our reputation is a
/// fact about this vantage point and never counts for or against the server (class L).
///
/// The list is conservative, since a wrong hit hides a fact about the target. `relay`, `abuse`, `policy`, `spam` and
/// `blocked` alone are not on it: greylisting, `554 No SMTP service here, see abuse@…` and the like say such words too.
enum ReputationText {
    /// Found anywhere in the text, in any case: list operators, their hosts in URLs, and the words for such lists.
    private static let phrases = [
        "blacklist", "black list", "black-list", "blocklist", "block list", "block-list", "denylist", "deny list",
        "deny-list", "blocked using", "is listed", "listed in ", "listed at ", "dnsbl", "spamhaus", "spamcop",
        "barracudacentral", "uceprotect", "spamrats", "abuseat.org", "mailspike", "senderbase",
        "senderscore", "talosintelligence", "abusix", "invaluement", "backscatterer", "cloudmark", "surriel",
        "sendersupport.olc.protection.outlook.com", "ipcheck.proofpoint.com", "reputation",
    ]
    /// Found as whole words only, being short.
    private static let words: Set<String> = ["rbl", "rbls", "sorbs", "psbl", "xbl", "sbl", "pbl", "cbl"]

    /// Whether this refusal speaks of the address that asked.
    static func blames(_ reply: SMTPReply) -> Bool {
        guard reply.isTransientRefusal || reply.isPermanentRefusal else { return false }
        let text = reply.lines.joined(separator: " ").lowercased()
        return phrases.contains { text.contains($0) }
            || text.split { !$0.isLetter && !$0.isNumber }.contains { words.contains(String($0)) }
    }
}
