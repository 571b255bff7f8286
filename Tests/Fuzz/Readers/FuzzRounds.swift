// SPDX-License-Identifier: Apache-2.0
import Foundation

/// How much is fuzzed, and from where: little and always the same in the tests; MXCENSUS_FUZZ_ROUNDS and
/// MXCENSUS_FUZZ_SEED ask for more (`make fuzz-readers`).
public struct FuzzRounds: Sendable {
    /// Damaged inputs.
    public let count: Int
    /// Where the random numbers begin.
    public let seed: UInt64

    /// As the environment says; `count` where it says nothing.
    public init(_ count: Int) {
        let environment = ProcessInfo.processInfo.environment
        self.count = environment["MXCENSUS_FUZZ_ROUNDS"].flatMap(Int.init) ?? count
        seed = environment["MXCENSUS_FUZZ_SEED"].flatMap(UInt64.init) ?? 2026
    }
}
