// SPDX-License-Identifier: Apache-2.0

/// Inputs for a parser that are nearly right: each is one of the given texts after a few random edits. The same seed gives
/// the same inputs. Nearly right is what finds the edges: noise is refused by the first comparison.
public struct Mutations: Sequence, IteratorProtocol {
    private let texts: [[UInt8]]
    private let words: [[UInt8]]
    private var left: Int
    private var generator: SeededGenerator

    /// So many inputs near `texts`; `words` are what the grammar is made of, and are put in now and then.
    public init(of texts: [String], words: [String], count: Int, seed: UInt64) {
        self.texts = texts.map { Array($0.utf8) }
        self.words = words.map { Array($0.utf8) } + [[0x00], [0x7F], [0x80], [0xFF], [0x20], [0x09], [0x0D], [0x0A]]
        left = count
        generator = SeededGenerator(seed: seed)
    }

    /// The next input.
    public mutating func next() -> [UInt8]? {
        guard left > 0, var text = texts.randomElement(using: &generator) else { return nil }
        left -= 1
        for _ in 0..<Int.random(in: 0...4, using: &generator) { edit(&text) }
        return text
    }

    private mutating func edit(_ text: inout [UInt8]) {
        let start = Int.random(in: 0...text.count, using: &generator)
        let length = Swift.min(Int.random(in: 0...8, using: &generator), text.count - start)
        let piece = Array(text[start..<(start + length)])
        switch Int.random(in: 0...6, using: &generator) {
        case 0: text.replaceSubrange(start..<(start + length), with: [])
        case 1: text.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: start)
        case 2: text.replaceSubrange(start..<(start + length), with: words.randomElement(using: &generator) ?? [])
        case 3: text.insert(contentsOf: piece + piece, at: start)
        case 4: text.removeLast(text.count - start)
        case 5:
            guard start < text.count else { return }
            text[start] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        default:
            let other = texts.randomElement(using: &generator) ?? []
            text = Array(text.prefix(start) + other.dropFirst(start))
        }
    }
}
