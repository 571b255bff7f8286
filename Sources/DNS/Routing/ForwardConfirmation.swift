// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Whether a name and an address speak for each other (RFC 1912 §2.1, RFC 8601 §3 `iprev`): the name has the address, and
/// the address's PTR record leads to the name. Mail servers look for that in whoever knocks, and so do people who find an
/// address in their logs.
public enum ForwardConfirmation: Hashable, Sendable {
    /// Both ways lead to the other.
    case confirmed
    /// The name has no address of that family, or others.
    case otherAddresses([IPAddress])
    /// No PTR record of the address leads to the name; where they do lead.
    case otherNames([DomainName])
    /// A question was not answered: what it was, and how it ended.
    case unanswered(Question, DNSOutcome)

    /// Asks for the addresses of the name and for the names of the address, following aliases (RFC 2317 hands the latter
    /// out through them).
    public static func of(
        _ name: DomainName, _ address: IPAddress, from source: any AnswerSource
    ) async -> ForwardConfirmation {
        let forward = Question(name: name, type: address.family == .v4 ? .a : .aaaa)
        let addresses = await source.resolve(forward)
        guard addresses.status.isAnswered else { return .unanswered(forward, addresses.status.outcome) }
        let known = addresses.rrset?.addresses ?? []
        guard known.contains(address) else { return .otherAddresses(known) }
        let backward = Question(name: address.reverseName, type: .ptr)
        let names = await source.resolve(backward)
        guard names.status.isAnswered else { return .unanswered(backward, names.status.outcome) }
        let pointers = names.rrset?.pointers ?? []
        return pointers.contains(name) ? .confirmed : .otherNames(pointers)
    }
}

extension LookupStatus {
    /// Whether the question was answered, with records or without, in a way that can be believed.
    fileprivate var isAnswered: Bool {
        security != .bogus && [.noerrorData, .noerrorNodata, .nxdomain].contains(outcome)
    }
}

extension IPAddress {
    /// The name below which its PTR records are: octets in reverse below `in-addr.arpa` (RFC 1035 §3.5), half octets below
    /// `ip6.arpa` (RFC 3596 §2.5).
    public var reverseName: DomainName {
        let digits = Array("0123456789abcdef".utf8)
        var labels: [[UInt8]] = []
        for octet in octets.reversed() {
            if family == .v4 {
                labels.append(Array("\(octet)".utf8))
            } else {
                labels += [[digits[Int(octet & 15)]], [digits[Int(octet >> 4)]]]
            }
        }
        labels += [family == .v4 ? Array("in-addr".utf8) : Array("ip6".utf8), Array("arpa".utf8)]
        var wire: [UInt8] = []
        for label in labels { wire += [UInt8(label.count)] + label }
        wire.append(0)
        // Labels of a few letters, 74 octets at most: always a name.
        return (try? DomainName(wire: wire)) ?? .root
    }
}
