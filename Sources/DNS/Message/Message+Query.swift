// SPDX-License-Identifier: Apache-2.0

import Observations

/// The only message that we send: one question with EDNS (RFC 1035 §4.1.1, RFC 6891 §6.1.2).
extension Message {
    /// Bytes of a query.
    ///
    /// 1232 octets of UDP payload fit into the least IPv6 MTU without fragments. `dnssecOK` (RFC 3225) asks for
    /// signatures, `checkingDisabled` (RFC 4035 §3.2.2) for data that the resolver itself does not believe.
    public static func query(
        _ question: Question, id: UInt16, udpPayloadSize: UInt16 = 1232, dnssecOK: Bool = true,
        checkingDisabled: Bool = true, recursionDesired: Bool = true
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(27 + question.name.wire.count)
        func append(_ number: UInt16) {
            bytes.append(UInt8(number >> 8))
            bytes.append(UInt8(number & 0xFF))
        }
        append(id)
        append((recursionDesired ? 0x0100 : 0) | (checkingDisabled ? 0x0010 : 0))
        for count: UInt16 in [1, 0, 0, 1] { append(count) }
        bytes += question.name.wire
        append(question.type.rawValue)
        append(1)
        // OPT: the root, type, payload size for the class, version 0 and DO for the TTL, no options.
        bytes.append(0)
        append(RecordType.opt.rawValue)
        append(udpPayloadSize)
        append(0)
        append(dnssecOK ? 0x8000 : 0)
        append(0)
        return bytes
    }
}
