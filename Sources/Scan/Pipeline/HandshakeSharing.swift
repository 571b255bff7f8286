// SPDX-License-Identifier: Apache-2.0
import Observations
import Store
import Verdicts

/// What the first names at an address and port were shown, and whether it can stand for what another name would be.
///
/// A provider can have a hundred thousand names for one machine. Where three of them have been shown the same certificate
/// (RFC 6066 §3 lets a server choose by name), a further name may reuse that handshake, but only if the certificate also
/// names it, as it would if it were asked for, or named none of the three, so that the name plainly does not matter. A
/// pure value: the same names in the same order give the same answer, today and in the run that goes on tomorrow.
struct HandshakeSharing {
    /// So many names are looked at, whatever comes later: memory stays small, and an address whose names all have
    /// certificates of their own is not inferred from.
    static let capacity = 64
    private static let needed = 3

    private struct Group {
        let chain: String
        let donor: DomainName
        var names = 1
        var namesOneOfThem: Bool
        /// What the certificate names, once three were shown it.
        var certificate: ShownHandshake?
    }

    private var groups: [Group] = []
    private var count = 0

    init(_ shown: [ShownHandshake] = []) {
        for handshake in shown { add(handshake) }
    }

    /// Takes the next handshake that was measured there, in the order of probing.
    mutating func add(_ shown: ShownHandshake) {
        guard count < Self.capacity else { return }
        count += 1
        let isNamed = shown.names(shown.host)
        guard let place = groups.firstIndex(where: { $0.chain == shown.chainSHA256 }) else {
            groups.append(Group(chain: shown.chainSHA256, donor: shown.host, namesOneOfThem: isNamed))
            return
        }
        guard groups[place].names < Self.needed else { return }
        groups[place].names += 1
        groups[place].namesOneOfThem = groups[place].namesOneOfThem || isNamed
        if groups[place].names == Self.needed { groups[place].certificate = shown }
    }

    /// Whose handshake can stand for this name's, and the chain of it; nil where the name must be asked itself.
    func donor(for host: DomainName) -> (host: DomainName, chainSHA256: String)? {
        groups.first { group in
            guard let certificate = group.certificate else { return false }
            return !group.namesOneOfThem || certificate.names(host)
        }.map { ($0.donor, $0.chain) }
    }
}

extension ShownHandshake {
    fileprivate func names(_ host: DomainName) -> Bool {
        switch NameVerdict.match(dnsNames: dnsNames, commonNames: commonNames, reference: host) {
        case .matchExact, .matchWildcard: true
        default: false
        }
    }
}

/// The sharing of the addresses that are being worked on. What is not here is read from the database again.
@NetworkLoop
final class KnownHandshakes {
    private struct Place: Hashable {
        let address: IPAddress
        let port: Int
    }

    private var known: [Place: HandshakeSharing] = [:]
    private static let capacity = 4_096

    subscript(_ endpoint: Endpoint) -> HandshakeSharing? {
        get { known[Place(address: endpoint.address, port: endpoint.port)] }
        set {
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[Place(address: endpoint.address, port: endpoint.port)] = newValue
        }
    }
}
