// SPDX-License-Identifier: Apache-2.0

/// A DNSKEY and, from its first use on, what OpenSSL makes of it.
final class ZoneKey {
    let record: DNSKEY
    private var publicKey: PublicKey?
    private var isLoaded = false
    private var known: Set<[UInt8]> = []

    /// Signatures that are remembered as good for one key.
    private static let memory = 256

    init(_ record: DNSKEY) {
        self.record = record
    }

    /// Whether the signature is this key's; false also for keys that break the format of their algorithm.
    ///
    /// Denials of a TLD come again and again, its apex with each: with `remember` a good signature is checked once.
    /// `charge` is called before each check that costs.
    func verifies(
        _ signature: [UInt8], over octets: [UInt8], remember: Bool, charge: () throws(Interruption) -> Void
    ) throws(Interruption) -> Bool {
        let memo = remember ? octets + signature : []
        if remember, known.contains(memo) { return true }
        try charge()
        if !isLoaded {
            isLoaded = true
            guard let algorithm = SigningAlgorithm(rawValue: record.algorithm) else { return false }
            publicKey = PublicKey(algorithm: algorithm, octets: record.publicKey)
        }
        guard publicKey?.verifies(signature, over: octets) == true else { return false }
        if remember {
            if known.count >= Self.memory { known.removeAll(keepingCapacity: true) }
            known.insert(memo)
        }
        return true
    }
}
