// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Finds every suite that a server accepts for one version, in its own order, by offering what is left until it refuses.
///
/// No hello carries more than 64 suites, so the suites are asked for in portions, and the winners of the portions once
/// more among themselves. Whether the server or the client decides shows in the last question: the accepted suites,
/// with the one that was chosen first at the end (RFC 5246 §7.4.1.3 leaves the choice to the server, and not its rule).
public struct SuiteEnumeration: Sendable {
    /// The version asked about.
    public let version: TLSVersion
    /// The accepted suites, in the order in which the server chose them.
    public private(set) var accepted: [CipherSuite] = []
    /// The server's order counts, not the client's; nil until it is known, or where there is nothing to choose from.
    public private(set) var serverPreference: Bool?
    /// What to offer next; nil when all is known.
    public private(set) var offer: [CipherSuite]?

    private enum Stage {
        /// Which suites are accepted at all: this portion, these later.
        case collecting(later: [CipherSuite])
        /// In which order, where more than one portion had some.
        case ordering
        /// Whose order.
        case reversing
    }

    private var stage: Stage
    private var spansPortions = false

    /// Begins with every suite that the version ever had.
    public init(version: TLSVersion) {
        let all = SuiteOffer.complete(version...version)
        self.version = version
        stage = .collecting(later: Array(all.dropFirst(SuiteOffer.limit)))
        offer = Array(all.prefix(SuiteOffer.limit))
    }

    /// Takes the server's answer to `offer`: its choice, or nil where it refused. What is neither, a timeout say, must
    /// not come here: the enumeration is then unknown.
    public mutating func record(_ choice: CipherSuite?) {
        guard let offered = offer else { return }
        let choice = choice.flatMap { offered.contains($0) ? $0 : nil }
        switch stage {
        case .collecting(let later):
            if let choice {
                accepted.append(choice)
                offer = offered.filter { $0 != choice }
            }
            guard choice == nil || offer?.isEmpty == true else { return }
            guard later.isEmpty else {
                spansPortions = spansPortions || !accepted.isEmpty
                stage = .collecting(later: Array(later.dropFirst(SuiteOffer.limit)))
                offer = Array(later.prefix(SuiteOffer.limit))
                return
            }
            finishCollecting()
        case .ordering:
            if let choice { accepted.append(choice) }
            offer = choice == nil ? [] : offered.filter { $0 != choice }
            if offer?.isEmpty == true { askForPreference() }
        case .reversing:
            serverPreference = choice.map { $0 == accepted.first }
            offer = nil
        }
    }

    private mutating func finishCollecting() {
        guard spansPortions, accepted.count <= SuiteOffer.limit else { return askForPreference() }
        offer = accepted
        accepted = []
        stage = .ordering
    }

    private mutating func askForPreference() {
        stage = .reversing
        offer = accepted.count < 2 ? nil : Array(accepted.prefix(SuiteOffer.limit).reversed())
    }
}
