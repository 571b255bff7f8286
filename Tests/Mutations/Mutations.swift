// SPDX-License-Identifier: Apache-2.0

/// Texts for a parser that are nearly right, some of them wholly. Nearly right is what finds the edges: noise is refused by
/// the first comparison.
public struct Mutations: Sequence, IteratorProtocol {
    private var mutator: Mutator
    private var left: Int

    /// So many inputs near `texts`; `words` are what the grammar is made of, and are put in now and then.
    public init(of texts: [String], words: [String], count: Int, seed: UInt64) {
        mutator = Mutator(
            generator: SeededGenerator(seed: seed), seeds: texts.map { Array($0.utf8) },
            words: words.map { Array($0.utf8) })
        left = count
    }

    /// The next input.
    public mutating func next() -> [UInt8]? {
        guard left > 0 else { return nil }
        left -= 1
        return mutator.next()
    }
}
