// SPDX-License-Identifier: Apache-2.0

public import Observations

extension DomainName {
    /// Reads a name in any script, as people write it: U-labels become A-labels (RFC 5891 §4.4), labels with underscores
    /// stay. Anything that is not a name throws why.
    public init(anyScript text: String) throws(InvalidReason) {
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        self = try MailDomain.parsed(isASCII ? text : InternationalName.aLabels(of: text))
    }
}
