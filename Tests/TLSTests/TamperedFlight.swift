// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// A server that shows a certificate whose key no server can use: the first flight of a real TLS 1.2 server (RFC 5246
/// §7.4: everything in it is in clear) with another Certificate message in the place of its own.
enum TamperedFlight {
    static func replacing(chain: [[UInt8]], in flight: [UInt8]) -> [UInt8] {
        let list = chain.flatMap { length($0.count, octets: 3) + $0 }
        let certificate = length(list.count, octets: 3) + list
        var messages: [UInt8] = []
        var rest = handshakeOctets(of: flight)[...]
        while rest.count >= 4 {
            let count = rest.dropFirst().prefix(3).reduce(0) { $0 << 8 | Int($1) }
            let message = rest.prefix(4 + count)
            messages +=
                message.first == UInt8(SSL3_MT_CERTIFICATE)
                ? [UInt8(SSL3_MT_CERTIFICATE)] + length(certificate.count, octets: 3) + certificate : Array(message)
            rest = rest.dropFirst(4 + count)
        }
        var records: [UInt8] = []
        var unsent = messages[...]
        while !unsent.isEmpty {
            let fragment = unsent.prefix(1 << 14)
            records += [UInt8(SSL3_RT_HANDSHAKE), 3, 3] + length(fragment.count, octets: 2) + fragment
            unsent = unsent.dropFirst(fragment.count)
        }
        return records
    }

    private static func handshakeOctets(of flight: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = flight[...]
        while rest.count >= 5 {
            let header = Array(rest.prefix(5))
            let count = Int(header[3]) << 8 | Int(header[4])
            if header[0] == UInt8(SSL3_RT_HANDSHAKE) { octets += rest.dropFirst(5).prefix(count) }
            rest = rest.dropFirst(5 + count)
        }
        return octets
    }

    private static func length(_ count: Int, octets: Int) -> [UInt8] {
        (0..<octets).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}
