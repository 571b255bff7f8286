// SPDX-License-Identifier: Apache-2.0

/// Where a name stands in the tree (RFC 1034 §3.1).
extension DomainName {
    /// Whether this is the root.
    public var isRoot: Bool { wire.count == 1 }

    /// Number of labels, the root not counted: `mx.example` has two (as the labels field of RFC 4034 §3.1.3 counts,
    /// where a leading `*` is not counted; here it is).
    public var labelCount: Int {
        var count = 0
        var at = 0
        while wire[at] != 0 {
            count += 1
            at += Int(wire[at]) + 1
        }
        return count
    }

    /// The labels from left to right, as octets.
    public var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var at = 0
        while wire[at] != 0 {
            labels.append(wire[(at + 1)...(at + Int(wire[at]))])
            at += Int(wire[at]) + 1
        }
        return labels
    }

    /// The name without its left-most label; nil for the root.
    public var parent: DomainName? {
        isRoot ? nil : DomainName(validated: Array(wire[(Int(wire[0]) + 1)...]))
    }

    /// The name made of the right-most `count` labels; the name itself where it has no more.
    public func suffix(labels count: Int) -> DomainName {
        var skip = labelCount - count
        var at = 0
        while skip > 0 {
            at += Int(wire[at]) + 1
            skip -= 1
        }
        return at == 0 ? self : DomainName(validated: Array(wire[at...]))
    }

    /// Whether this name is `ancestor` or stands below it.
    public func isEqualOrBelow(_ ancestor: DomainName) -> Bool {
        guard wire.count >= ancestor.wire.count else { return false }
        let start = wire.count - ancestor.wire.count
        guard wire[start...].elementsEqual(ancestor.wire) else { return false }
        var at = 0
        while at < start { at += Int(wire[at]) + 1 }
        return at == start
    }

    /// The name with labels put before it: `prepending("_25", "_tcp")`. Labels are taken as ASCII text without escapes.
    public func prepending(_ labels: String...) throws(Malformed) -> DomainName {
        var octets: [UInt8] = []
        for label in labels {
            let bytes = Array(label.utf8)
            guard !bytes.isEmpty else { throw .emptyLabel }
            guard bytes.count <= 63 else { throw .labelTooLong }
            octets.append(UInt8(bytes.count))
            octets.append(contentsOf: bytes)
        }
        octets.append(contentsOf: wire)
        return try DomainName(wire: octets)
    }
}
