// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The records that share an owner, a class and a type (RFC 2181 §5): what a signature signs, never a part of it.
public struct RRset: Hashable, Sendable {
    /// The owner, lower case.
    public var owner: DomainName
    /// The type of all of them.
    public var type: RecordType
    /// Seconds; the least of the records' (RFC 2181 §5.2).
    public var ttl: UInt32
    /// RDATA of each record, without compression, in the case and order of the message, each once.
    public var rdatas: [[UInt8]]
    /// The RRSIG records that cover the type at this owner, as they came.
    public var signatures: [RRSIG]

    /// Takes all of it.
    public init(
        owner: DomainName, type: RecordType, ttl: UInt32, rdatas: [[UInt8]], signatures: [RRSIG] = []
    ) {
        self.owner = owner
        self.type = type
        self.ttl = ttl
        self.rdatas = rdatas
        self.signatures = signatures
    }
}

/// Groups the records of one section into RRsets and hands each its signatures.
struct RRsetCollector {
    private(set) var sets: [RRset] = []
    private var signatures: [(owner: DomainName, ttl: UInt32, rdata: [UInt8], parsed: RRSIG)] = []
    private var index: [Question: Int] = [:]
    private var members: [Int: Set<[UInt8]>] = [:]

    /// Sections of real answers are so small that looking through them costs less than hashing.
    private static let fewSets = 8
    private static let fewRecords = 8

    mutating func add(owner: DomainName, type: RecordType, ttl: UInt32, rdata: [UInt8]) {
        guard let at = position(owner, type) else {
            if sets.count >= Self.fewSets { index[Question(name: owner, type: type)] = sets.count }
            sets.append(RRset(owner: owner, type: type, ttl: ttl, rdatas: [rdata]))
            return
        }
        sets[at].ttl = min(sets[at].ttl, ttl)
        if isNew(rdata, in: at) { sets[at].rdatas.append(rdata) }
    }

    mutating func add(signature: RRSIG, owner: DomainName, ttl: UInt32, rdata: [UInt8]) {
        signatures.append((owner, ttl, rdata, signature))
    }

    /// The sets with their signatures; a signature that covers nothing here stays a record of type RRSIG.
    consuming func finish() -> [RRset] {
        for (owner, ttl, rdata, signature) in signatures {
            if let at = position(owner, signature.typeCovered) {
                sets[at].signatures.append(signature)
            } else {
                add(owner: owner, type: .rrsig, ttl: ttl, rdata: rdata)
            }
        }
        return sets
    }

    private func position(_ owner: DomainName, _ type: RecordType) -> Int? {
        let few = sets.prefix(Self.fewSets)
        if let at = few.lastIndex(where: { $0.type == type && $0.owner == owner }) { return at }
        return sets.count > Self.fewSets ? index[Question(name: owner, type: type)] : nil
    }

    private mutating func isNew(_ rdata: [UInt8], in at: Int) -> Bool {
        guard sets[at].rdatas.count > Self.fewRecords else { return !sets[at].rdatas.contains(rdata) }
        return members[at, default: Set(sets[at].rdatas)].insert(rdata).inserted
    }
}
