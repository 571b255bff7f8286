// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Who surveys, as far as those who are surveyed can find out; what nobody said is nil.
public struct SurveyIdentity: Sendable, Hashable {
    /// The name behind EHLO.
    public var ehloName: String?
    /// The address for complaints.
    public var contact: String?
    /// The page that explains the survey.
    public var infoURL: String?
    /// The file of those who opted out.
    public var optOutFile: String?
    /// The addresses that the world sees us come from, where this machine has others.
    public var sources: [IPAddress]

    /// Takes all of it.
    public init(
        ehloName: String? = nil, contact: String? = nil, infoURL: String? = nil, optOutFile: String? = nil,
        sources: [IPAddress] = []
    ) {
        self.ehloName = ehloName
        self.contact = contact
        self.infoURL = infoURL
        self.optOutFile = optOutFile
        self.sources = sources
    }

    /// A mailbox at a domain with a dot in it, as far as one can see.
    var hasContact: Bool {
        guard let at = contact?.lastIndex(of: "@"), let contact, at != contact.startIndex,
            let domain = try? DomainName(contact[contact.index(after: at)...])
        else { return false }
        return domain.labelCount >= 2 && !contact.contains { $0.isWhitespace }
    }

    /// A page of the web.
    var hasInfoPage: Bool {
        guard let infoURL else { return false }
        let scheme = ["https://", "http://"].first { infoURL.lowercased().hasPrefix($0) }
        guard let scheme else { return false }
        let host = infoURL.dropFirst(scheme.count).prefix { $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#" }
        return (try? DomainName(host)).map { $0.labelCount >= 2 } ?? false
    }

    /// The name behind EHLO as DNS knows it; nil for an address in brackets, which tells nobody anything.
    var name: DomainName? {
        guard let name = ehloName.flatMap({ try? DomainName($0) }), name.hasHostNameSyntax, name.labelCount >= 2 else {
            return nil
        }
        return name
    }
}
