// SPDX-License-Identifier: Apache-2.0
// Endpoints are probed in an order that spreads one provider's hosts over the whole scan and that is the same whenever
// the scan is resumed: by a hash of the key under the scan's seed. FNV-1a over the octets, finished with the mixing
// steps of SplitMix64 so that neighbouring names land far apart. Not for secrets; Swift's own Hasher differs per process.

enum ProbeOrder {
    /// The seed of a configuration: the same lists and options probe in the same order.
    static func seed(for configSHA256: String) -> Int64 { hash(configSHA256.utf8, seed: 0) }

    /// The place of an endpoint in the order.
    static func key(host: String, ip: String, port: Int, seed: Int64) -> Int64 {
        hash("\(host) \(ip) \(port)".utf8, seed: seed)
    }

    /// Where something falls between 0 and 1: below a share, it belongs to a sample of that share. The same on every run,
    /// and independent of the place in the order.
    static func fraction(_ text: String, seed: Int64) -> Double {
        Double(UInt64(bitPattern: hash(text.utf8, seed: ~seed)) >> 11) / Double(UInt64(1) << 53)
    }

    private static func hash(_ octets: some Sequence<UInt8>, seed: Int64) -> Int64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bitPattern: seed)
        for octet in octets { value = (value ^ UInt64(octet)) &* 0x100_0000_01B3 }
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int64(bitPattern: value ^ (value >> 31))
    }
}
