// SPDX-License-Identifier: Apache-2.0

@testable import TLS

/// A server's answer put together by hand, the right way or a wrong one.
enum ServerFlight {
    static func record(_ content: [UInt8], type: UInt8 = 22, version: UInt16 = 0x0303) -> [UInt8] {
        var record: [UInt8] = [type]
        record.append(version)
        record.appendVector(lengthOctets: 2) { $0 += content }
        return record
    }

    static func alert(_ description: UInt8, level: UInt8 = 2) -> [UInt8] {
        record([level, description], type: 21)
    }

    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        var message = [type]
        message.appendVector(lengthOctets: 3) { $0 += body }
        return message
    }

    static func hello(
        _ version: UInt16, suite: UInt16, random: [UInt8] = Array(0..<32), compression: UInt8 = 0,
        extensions: [(UInt16, [UInt8])]? = nil
    ) -> [UInt8] {
        var body: [UInt8] = []
        body.append(version)
        body += random
        body.appendVector(lengthOctets: 1) { _ in }
        body.append(suite)
        body.append(compression)
        if let extensions {
            body.appendVector(lengthOctets: 2) { list in
                for (type, value) in extensions {
                    list.append(type)
                    list.appendVector(lengthOctets: 2) { $0 += value }
                }
            }
        }
        return message(2, body)
    }

    static func helloRetryRequest(group: UInt16?, suite: UInt16 = 0x1302) -> [UInt8] {
        let share = group.map { [(UInt16(51), [UInt8($0 >> 8), UInt8($0 & 0xFF)])] } ?? []
        return hello(
            0x0303, suite: suite, random: ServerHello.helloRetryRequestRandom, extensions: [(43, [3, 4])] + share)
    }

    static func certificate(_ chain: [[UInt8]]) -> [UInt8] {
        var body: [UInt8] = []
        body.appendVector(lengthOctets: 3) { list in
            for der in chain { list.appendVector(lengthOctets: 3) { $0 += der } }
        }
        return message(11, body)
    }

    /// Signed with `rsa_pkcs1_sha1`, where the version says with what.
    static func keyExchange(group: UInt16, isTLS12: Bool = true) -> [UInt8] {
        var body: [UInt8] = [3]
        body.append(group)
        body.appendVector(lengthOctets: 1) { $0 += [4, 1, 2, 3] }
        if isTLS12 { body += [2, 1] }
        body.appendVector(lengthOctets: 2) { $0 += [9, 9, 9] }
        return message(12, body)
    }

    static func keyExchange(modulus: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        for number in [modulus, [2], [7, 7]] { body.appendVector(lengthOctets: 2) { $0 += number } }
        body += [4, 1]
        body.appendVector(lengthOctets: 2) { $0 += [9, 9, 9] }
        return message(12, body)
    }

    static let done = message(14, [])
}

/// What a reader makes of the octets, cut as said.
func readAnswer(
    _ octets: [UInt8], _ depth: ServerHelloReader.Depth = .hello, _ segmentation: Segmentation = .whole
) -> ServerHelloReader {
    var reader = ServerHelloReader(depth: depth)
    switch segmentation {
    case .whole: _ = reader.receive(octets)
    case .byteByByte: for octet in octets where reader.receive([octet]) != nil { break }
    }
    return reader
}
