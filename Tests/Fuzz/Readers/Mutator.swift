// SPDX-License-Identifier: Apache-2.0

/// Damages good inputs: octets changed, cut out, doubled, put where others stand, numbers at their limits, and pieces of
/// one input in another.
public struct Mutator {
    private var generator: SeededGenerator
    private let seeds: [[UInt8]]

    /// Damages these seeds, of which there must be one.
    public init(generator: SeededGenerator, seeds: [[UInt8]]) {
        precondition(!seeds.isEmpty, "nothing to damage")
        self.generator = generator
        self.seeds = seeds
    }

    /// The next damaged input.
    public mutating func next() -> [UInt8] {
        var octets = seeds[generator.below(seeds.count)]
        for _ in 0...generator.below(5) {
            if octets.isEmpty { octets = [0] }
            damage(&octets)
        }
        return octets
    }

    private mutating func damage(_ octets: inout [UInt8]) {
        let place = generator.below(octets.count)
        let length = 1 + generator.below(min(24, octets.count - place))
        switch generator.below(9) {
        case 0: octets[place] = UInt8(generator.below(256))
        case 1: octets[place] ^= 1 << UInt8(generator.below(8))
        case 2: octets[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x0A, 0x0D][generator.below(8)]
        case 3: octets[place] &+= generator.below(2) == 0 ? 1 : 0xFF
        case 4: octets.removeSubrange(place..<(place + length))
        case 5: octets.insert(contentsOf: octets[place..<(place + length)], at: place)
        case 6: octets.removeSubrange(place...)
        case 7: octets.insert(UInt8(generator.below(256)), at: place)
        default:
            let other = seeds[generator.below(seeds.count)]
            guard !other.isEmpty else { return }
            let from = generator.below(other.count)
            octets.replaceSubrange(place..<(place + length), with: other[from...].prefix(1 + generator.below(64)))
        }
    }
}
