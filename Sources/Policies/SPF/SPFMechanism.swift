// SPDX-License-Identifier: Apache-2.0

import Observations

/// What a directive compares a sender with (RFC 7208 §5).
enum SPFMechanism: Hashable, Sendable {
    /// Everybody.
    case all
    /// Whoever passes the record of another domain.
    case include(SPFDomainSpec)
    /// The addresses of a name; of the domain itself where none is given.
    case a(SPFDomainSpec?)
    /// The addresses of the mail hosts of a name.
    case mx(SPFDomainSpec?)
    /// Whoever has a name below the domain.
    case ptr(SPFDomainSpec?)
    /// A range of addresses.
    case address(IPAddress.Family)
    /// Whoever makes the name exist.
    case exists(SPFDomainSpec)

    /// Whether a receiver asks DNS for it (§4.6.4).
    var asksDNS: Bool {
        switch self {
        case .all, .address: false
        case .include, .a, .mx, .ptr, .exists: true
        }
    }

    /// Reads a mechanism without its qualifier; nil where it breaks the grammar.
    init?(_ term: ArraySlice<UInt8>) {
        let nameEnd = term.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") } ?? term.endIndex
        let name = term[..<nameEnd].map(\.lowered)[...].text
        let hasColon = nameEnd < term.endIndex && term[nameEnd] == UInt8(ascii: ":")
        let argument = hasColon ? term[(nameEnd + 1)...] : term[nameEnd...]
        switch name {
        case "all" where nameEnd == term.endIndex: self = .all
        case "include" where hasColon, "exists" where hasColon:
            guard let spec = SPFDomainSpec(argument) else { return nil }
            self = name == "include" ? .include(spec) : .exists(spec)
        case "ptr":
            guard hasColon || argument.isEmpty else { return nil }
            let spec = SPFDomainSpec(argument)
            guard spec != nil || !hasColon else { return nil }
            self = .ptr(spec)
        case "a", "mx":
            let host = Self.withoutDualCIDR(argument)
            let spec = SPFDomainSpec(host)
            guard hasColon ? spec != nil : host.isEmpty else { return nil }
            self = name == "a" ? .a(spec) : .mx(spec)
        case "ip4" where Self.isNetwork(argument, .v4) && hasColon: self = .address(.v4)
        case "ip6" where Self.isNetwork(argument, .v6) && hasColon: self = .address(.v6)
        default: return nil
        }
    }

    /// An address and, behind a slash, the length of the prefix.
    private static func isNetwork(_ text: ArraySlice<UInt8>, _ family: IPAddress.Family) -> Bool {
        let slash = text.firstIndex(of: UInt8(ascii: "/"))
        if let slash, !isPrefixLength(text[(slash + 1)...], of: family) { return false }
        return IPAddress(text[..<(slash ?? text.endIndex)].text)?.family == family
    }

    /// Cuts `[ ip4-cidr-length ] [ "/" ip6-cidr-length ]` off the end. What looks like a length and is none stays, and
    /// is no name then.
    private static func withoutDualCIDR(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let slash = UInt8(ascii: "/")
        var text = text
        if let at = text.lastIndex(of: slash), at > text.startIndex, text[at - 1] == slash,
            isPrefixLength(text[(at + 1)...], of: .v6)
        {
            text = text[..<(at - 1)]
        }
        if let at = text.lastIndex(of: slash), isPrefixLength(text[(at + 1)...], of: .v4) { text = text[..<at] }
        return text
    }

    /// `"0" / %x31-39 0*2DIGIT`, up to 32 or 128.
    private static func isPrefixLength(_ text: ArraySlice<UInt8>, of family: IPAddress.Family) -> Bool {
        guard (1...3).contains(text.count), text.allSatisfy(\.isDigit), let length = Int(text.text) else {
            return false
        }
        return length <= (family == .v4 ? 32 : 128) && (text.count == 1 || text.first != UInt8(ascii: "0"))
    }
}
