// SPDX-License-Identifier: Apache-2.0
import Foundation
import Mutations

/// A reader of what strangers send, and what must hold whatever they send. That it neither crashes nor reads beside its
/// buffers is AddressSanitizer's to see; the rest is said here.
public struct FuzzTarget: Sendable {
    /// Its name on the command line.
    public let name: String
    /// Reads an input; what was broken, in words, or nil.
    public let violation: @Sendable ([UInt8]) -> String?

    /// All of them.
    public static let all = [smtp, hello, certificate]
}

extension FuzzTarget {
    /// Feeds the seeds, then as many damaged copies of them as `rounds` says; the first few inputs that broke something.
    public func run(_ seeds: [[UInt8]], rounds: FuzzRounds) -> [String] {
        keep(seeds)
        var mutator = Mutator(generator: SeededGenerator(seed: rounds.seed), seeds: seeds)
        var found: [String] = []
        for round in 0..<(seeds.count + rounds.count) where found.count < 5 {
            let input = round < seeds.count ? seeds[round] : mutator.next()
            guard let violation = violation(input) else { continue }
            let digits = input.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            found.append("\(name), seed \(rounds.seed), round \(round): \(violation): \(digits)")
        }
        return found
    }

    /// Where MXCENSUS_FUZZ_SEEDS_TO names a folder, libFuzzer will find there what it may begin with.
    private func keep(_ seeds: [[UInt8]]) {
        guard let folder = ProcessInfo.processInfo.environment["MXCENSUS_FUZZ_SEEDS_TO"] else { return }
        for (number, seed) in seeds.enumerated() {
            let file = URL(filePath: folder).appending(path: "\(name)/seed-\(number)")
            do { try Data(seed).write(to: file) } catch { preconditionFailure("\(file.path): \(error)") }
        }
    }
}
