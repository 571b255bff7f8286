// SPDX-License-Identifier: Apache-2.0
import DNS
import NIOCore

/// One UDP socket connected to one server, with the queries that wait on it.
final class DNSPort: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    /// A query whose time runs. An answered one stays behind, with a serial that nobody has any more.
    struct Query {
        fileprivate let port: DNSPort
        fileprivate let id: UInt16
        fileprivate let serial: Int

        /// Its time is over, unless it was answered.
        func expire() {
            guard port.pending[id]?.serial == serial else { return }
            port.finish(id, .timeout)
        }
    }

    private struct Pending {
        var continuation: UnsafeContinuation<TransportReply, Never>
        var query: [UInt8]
        var serial: Int
    }

    /// Queries that were given to it, retired or not.
    var uses = 0
    /// Whether the socket is gone.
    private(set) var isClosed = false

    private let channel: any Channel
    private let timeouts: Deadlines<Query>
    private let onDrop: () -> Void
    private var pending: [UInt16: Pending] = [:]
    private var serial = 0
    private var isRetired = false

    init(channel: any Channel, timeouts: Deadlines<Query>, onDrop: @escaping () -> Void) {
        self.channel = channel
        self.timeouts = timeouts
        self.onDrop = onDrop
    }

    /// Sends a query under an id drawn at random, or the next that no other query on this socket has.
    func send(
        _ query: [UInt8], id: UInt16, timeoutMilliseconds: Int64,
        _ continuation: UnsafeContinuation<TransportReply, Never>
    ) {
        guard !isClosed, query.count >= 12 else { return continuation.resume(returning: .networkError(0)) }
        var id = id
        while pending[id] != nil { id &+= 1 }
        var query = query
        query[0] = UInt8(id >> 8)
        query[1] = UInt8(id & 0xFF)
        serial += 1
        pending[id] = Pending(continuation: continuation, query: query, serial: serial)
        timeouts.add(Query(port: self, id: id, serial: serial), milliseconds: timeoutMilliseconds)
        Traffic.count { $0.datagramsSent += 1 }
        channel.writeAndFlush(channel.allocator.buffer(bytes: query), promise: nil)
    }

    /// Takes no more queries; the socket closes when the last answer is there.
    func retire() {
        isRetired = true
    }

    /// Closes the socket; what waits has failed.
    func close() {
        fail(errno: 0)
        isClosed = true
        channel.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        Traffic.count { $0.datagramsReceived += 1 }
        let bytes = Array(buffer: unwrapInboundIn(data).data)
        guard bytes.count >= 12 else { return onDrop() }
        let id = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        guard let query = pending[id]?.query, DNSMatching.isResponse(bytes, to: query) else { return onDrop() }
        finish(id, .answer(bytes))
    }

    /// On a connected socket, an ICMP error comes as errno of the next call: ECONNREFUSED says that nobody listens.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(errno: errnoCode(of: error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(errno: 0)
        isClosed = true
    }

    private func finish(_ id: UInt16, _ reply: TransportReply) {
        guard let done = pending.removeValue(forKey: id) else { return }
        if isRetired, pending.isEmpty, !isClosed {
            isClosed = true
            channel.close(promise: nil)
        }
        done.continuation.resume(returning: reply)
    }

    private func fail(errno: Int32) {
        for id in Array(pending.keys) { finish(id, .networkError(errno)) }
    }
}

/// Whether a message belongs to a query (RFC 5452 §9.1).
enum DNSMatching {
    /// A response with the query's id, and its question octet by octet, letters in any case. A server that did not
    /// understand the question (FORMERR, NOTIMP) need not repeat it.
    static func isResponse(_ bytes: [UInt8], to query: [UInt8]) -> Bool {
        guard bytes.count >= 12, query.count >= 12, bytes[0] == query[0], bytes[1] == query[1], bytes[2] & 0x80 != 0,
            bytes[2] & 0x78 == query[2] & 0x78
        else { return false }
        let questions = Int(bytes[4]) << 8 | Int(bytes[5])
        if questions == 0 { return [1, 4].contains(bytes[3] & 0x0F) }
        guard questions == 1, let end = endOfQuestion(query), bytes.count >= end,
            bytes[(end - 4)..<end].elementsEqual(query[(end - 4)..<end])
        else { return false }
        // Length octets are at most 63, so that folding letters leaves them alone.
        return (12..<(end - 4)).allSatisfy { lowered(bytes[$0]) == lowered(query[$0]) }
    }

    /// Behind QCLASS; the query is ours and its name without compression.
    private static func endOfQuestion(_ query: [UInt8]) -> Int? {
        var at = 12
        while at < query.count, query[at] != 0 { at += Int(query[at]) + 1 }
        return at + 5 <= query.count ? at + 5 : nil
    }

    private static func lowered(_ octet: UInt8) -> UInt8 {
        (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
    }
}
