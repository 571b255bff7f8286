// SPDX-License-Identifier: Apache-2.0

import Observations

/// The order of names in a zone (RFC 4034 §6.1): label by label from the right, as octets without regard to case.
extension DomainName {
    /// Whether this name comes before the other in canonical order.
    func canonicallyPrecedes(_ other: DomainName) -> Bool {
        var left = labelOffsets[...]
        var right = other.labelOffsets[...]
        while let mine = left.popLast() {
            guard let theirs = right.popLast() else { return false }
            let myLabel = wire[(mine + 1)...(mine + Int(wire[mine]))]
            let theirLabel = other.wire[(theirs + 1)...(theirs + Int(other.wire[theirs]))]
            if !myLabel.elementsEqual(theirLabel) { return myLabel.lexicographicallyPrecedes(theirLabel) }
        }
        return !right.isEmpty
    }

    /// The longest name that both stand at or below.
    func commonAncestor(_ other: DomainName) -> DomainName {
        var ancestor = suffix(labels: min(labelCount, other.labelCount))
        while !other.isEqualOrBelow(ancestor), let parent = ancestor.parent { ancestor = parent }
        return ancestor
    }

    /// Whether this name stands below the other and is not it.
    func isBelow(_ ancestor: DomainName) -> Bool {
        wire.count > ancestor.wire.count && isEqualOrBelow(ancestor)
    }

    /// `*` below this name; nil where that would be too long.
    var wildcardBelow: DomainName? { try? DomainName(wire: [1, UInt8(ascii: "*")] + wire) }

    private var labelOffsets: [Int] {
        var offsets: [Int] = []
        var at = 0
        while wire[at] != 0 {
            offsets.append(at)
            at += Int(wire[at]) + 1
        }
        return offsets
    }
}
