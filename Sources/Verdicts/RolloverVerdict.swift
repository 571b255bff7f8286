// SPDX-License-Identifier: Apache-2.0
public import Observations

/// Whether a host's TLSA records will still match when its key changes (RFC 7671 §8, metric dane.rollover_ready).
///
/// To count records is not enough: `3 0 1` and `3 1 1` of one certificate are two, and both fail with the next key; the
/// records of an RSA and an ECDSA key that are used side by side are the same. So a record counts as prepared only where
/// it is about something else than what is in use, and while all that is in use matches.
public enum RolloverVerdict {
    /// A chain that the host shows at one of its addresses, or for one kind of key.
    public struct Shown: Hashable, Sendable {
        /// The facts of the chain.
        public let chain: DANEChainFacts
        /// The kind of the host's key.
        public let keyType: CertificateFacts.KeyType

        /// Takes both.
        public init(chain: DANEChainFacts, keyType: CertificateFacts.KeyType) {
            self.chain = chain
            self.keyType = keyType
        }
    }

    /// Judges a host by all the chains that it was seen to show.
    ///
    /// - Parameters:
    ///   - records: the secure TLSA RRset.
    ///   - shown: the chains, each at least once.
    ///   - names: the names of which DANE-TA wants one in the certificate.
    ///   - moment: the time at which a path to a trust anchor must be valid.
    public static func judge(
        records: [TLSARecord], shown: [Shown], names: DANEReferenceNames, at moment: Timestamp
    ) -> RolloverOutcome {
        let hostRecords = records.indices.filter { records[$0].namesHost }
        guard !shown.isEmpty, records.contains(where: { $0.usability == .usable }) else { return .notReached }
        let inUse = shown.map { one in
            let matched = DANEVerdict.judge(records: records, chain: one.chain, names: names, at: moment).matched
            return InUse(
                keyType: one.keyType, hostRecords: Set(matched.filter { records[$0].namesHost }),
                hasAnchor: matched.contains { records[$0].namesTrustAnchor })
        }
        guard inUse.allSatisfy({ !$0.hostRecords.isEmpty }) else { return .none }
        if inUse.allSatisfy(\.hasAnchor) { return .currentCA }

        let keyTypes = Set(inUse.map(\.keyType))
        let isChanging = keyTypes.contains { type in
            Set(inUse.filter { $0.keyType == type }.map(\.hostRecords)).count > 1
        }
        if isChanging { return .currentNext }
        let matching = inUse.reduce(into: Set<Int>()) { $0.formUnion($1.hostRecords) }
        let idle = Set(hostRecords).subtracting(TLSARecord.shadowed(in: records)).subtracting(matching)
        if !idle.isEmpty { return .prepublished }
        if keyTypes.count > 1, Set(inUse.map(\.hostRecords)).count > 1 { return .dualAlgorithm }
        return hostRecords.count > 1 ? .duplicateOnly : .none
    }

    /// What authenticates one of the chains.
    private struct InUse {
        let keyType: CertificateFacts.KeyType
        let hostRecords: Set<Int>
        let hasAnchor: Bool
    }
}
