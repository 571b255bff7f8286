// SPDX-License-Identifier: Apache-2.0

import Observations

/// A `<domain-spec>` of a record (RFC 7208 §7.1): a name in which macros stand for parts of a message.
///
///     macro-string = *( macro-expand / macro-literal )        %{d2r.}  %%  %_  %-
///     domain-end   = ( "." toplabel [ "." ] ) / macro-expand
///
/// Without a sender only `%{d}`, the domain whose record this is, and `%{o}`, the domain of the sender that would be asked
/// about, are known; a name with any other macro is one that nobody can ask for here.
struct SPFDomainSpec: Hashable, Sendable {
    /// As published.
    let text: String
    let macros: SPFMacroString

    /// Reads the text; nil where it breaks the grammar.
    init?(_ octets: ArraySlice<UInt8>) {
        guard let macros = SPFMacroString(octets), Self.endsWell(macros) else { return nil }
        self.macros = macros
        text = octets.text
    }

    private static func endsWell(_ macros: SPFMacroString) -> Bool {
        guard case .literal(var literal)? = macros.parts.last else { return !macros.parts.isEmpty }
        if literal.last == UInt8(ascii: ".") { literal.removeLast() }
        guard let dot = literal.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return isTopLabel(literal[(dot + 1)...])
    }

    /// Letters, digits and hyphens, no hyphen at an end, and not digits alone.
    private static func isTopLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard let first = label.first, let last = label.last else { return false }
        let hyphen = UInt8(ascii: "-")
        return first != hyphen && last != hyphen
            && label.allSatisfy { $0.isLetter || $0.isDigit || $0 == hyphen }
            && !label.allSatisfy(\.isDigit)
    }

    /// What the name is without a sender.
    enum Target {
        /// This name.
        case name(DomainName)
        /// It depends on the sender.
        case senders
        /// No name: a label is empty or too long. Such a look-up finds nothing, and is never made (§4.8, §7.3).
        case malformed
    }

    /// Puts in what is known. Names that are too long lose labels from the left (§7.3).
    func target(domain: DomainName, origin: DomainName) -> Target {
        guard let octets = macros.expanded(domain: domain, origin: origin) else { return .senders }
        var labels = octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.last?.isEmpty == true { labels.removeLast() }
        guard !labels.isEmpty, labels.allSatisfy({ (1...63).contains($0.count) }) else { return .malformed }
        var size = labels.reduce(1) { $0 + $1.count + 1 }
        while size > 255, let first = labels.first {
            size -= first.count + 1
            labels.removeFirst()
        }
        var wire: [UInt8] = []
        for label in labels {
            wire.append(UInt8(label.count))
            wire += label
        }
        wire.append(0)
        guard let name = try? DomainName(wire: wire) else { return .malformed }
        return .name(name)
    }
}
