// SPDX-License-Identifier: Apache-2.0

/// Damages good inputs: octets changed, cut out, doubled, put where others stand, numbers at their limits, words of the
/// grammar out of place, and pieces of one input in another. The same seed gives the same inputs.
public struct Mutator {
    private var generator: SeededGenerator
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]

    /// Damages these seeds, of which there must be one; with words now and then, where the input is a text.
    public init(generator: SeededGenerator, seeds: [[UInt8]], words: [[UInt8]] = []) {
        precondition(!seeds.isEmpty, "nothing to damage")
        self.generator = generator
        self.seeds = seeds
        self.words = words
    }

    /// The next damaged input.
    public mutating func next() -> [UInt8] {
        var octets = seeds[generator.below(seeds.count)]
        // A text may come as it is: what is right must stay right.
        for _ in 0..<(generator.below(5) + (words.isEmpty ? 1 : 0)) {
            if octets.isEmpty { octets = [0] }
            damage(&octets)
        }
        return octets
    }

    private mutating func damage(_ octets: inout [UInt8]) {
        let place = generator.below(octets.count)
        let length = 1 + generator.below(min(24, octets.count - place))
        switch generator.below(words.isEmpty ? 9 : 12) {
        case 0: octets[place] = UInt8(generator.below(256))
        case 1: octets[place] ^= 1 << UInt8(generator.below(8))
        case 2: octets[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x0A, 0x0D][generator.below(8)]
        case 3: octets[place] &+= generator.below(2) == 0 ? 1 : 0xFF
        case 4: octets.removeSubrange(place..<(place + length))
        case 5: octets.insert(contentsOf: octets[place..<(place + length)], at: place)
        case 6: octets.removeSubrange(place...)
        case 7: octets.insert(UInt8(generator.below(256)), at: place)
        case 9, 10: octets.insert(contentsOf: words[generator.below(words.count)], at: place)
        case 11: octets.replaceSubrange(place..<(place + length), with: words[generator.below(words.count)])
        default:
            let other = seeds[generator.below(seeds.count)]
            guard !other.isEmpty else { return }
            let from = generator.below(other.count)
            octets.replaceSubrange(place..<(place + length), with: other[from...].prefix(1 + generator.below(64)))
        }
    }
}
