// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix

/// One TCP connection and the conversation that is held on it.
///
/// It is the last handler of its channel, and works on the channel's loop alone. What happens while the conversation is
/// talking (a write can fail at once) waits until it has finished its sentence.
final class TCPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let channel: any Channel
    private var conversation: (any Conversation)?
    private var whenOver: (() -> Void)?
    private var arrived: [UInt8] = []
    private var ending: TCPEvent?
    private var isTalking = false
    private var isLooking = false
    private var deadline: Int64 = 0
    /// Set for the deadline or for an earlier moment: most deadlines are moved before they come.
    private var timer: (place: Deadlines<TCPConnection>.Place, at: Int64)?
    private let timers: Timers

    init(channel: any Channel, timers: Timers) {
        self.channel = channel
        self.timers = timers
    }

    /// Queues bytes for the peer; a failure is one of the next events.
    func send(_ bytes: [UInt8]) {
        Traffic.count { $0.octetsSent += bytes.count }
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Holds the conversation to its end; the connection is closed then.
    func begin(_ conversation: any Conversation, whenOver: @escaping () -> Void) {
        self.conversation = conversation
        self.whenOver = whenOver
        proceed(after: .opened)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        Traffic.count { $0.octetsReceived += buffer.readableBytes }
        buffer.withUnsafeReadableBytes { arrived.append(contentsOf: $0) }
    }

    /// All that was there to be read is heard at once: it may be more than fits in one buffer.
    func channelReadComplete(context: ChannelHandlerContext) {
        goOn()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(with: .endOfStream)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(with: .failed(errno: errnoCode(of: error)))
        context.close(promise: nil)
    }

    private func end(with event: TCPEvent) {
        ending = ending ?? event
        goOn()
    }

    private func goOn() {
        guard !isTalking, let event = next() else { return }
        proceed(after: event)
    }

    /// What has happened and was not told yet.
    private func next() -> TCPEvent? {
        guard arrived.isEmpty else {
            isLooking = false
            defer { arrived = [] }
            return .received(arrived)
        }
        return isLooking ? nil : ending
    }

    private func proceed(after event: TCPEvent) {
        isTalking = true
        defer { isTalking = false }
        var event = event
        while let conversation {
            switch (conversation.proceed(after: event, on: self), event) {
            case (.close, _), (_, .endOfStream), (_, .failed): return finish()
            case (.listen(let moment), _):
                deadline = moment
                setTimer()
            case (.look, _): startLooking()
            }
            guard let more = next() else { return }
            event = more
        }
    }

    private func finish() {
        conversation = nil
        if let timer { timers.deadlines.remove(timer.place) }
        timer = nil
        channel.close(promise: nil)
        whenOver?()
        whenOver = nil
    }
}

extension TCPConnection {
    /// What the connections of one loop wait by.
    struct Timers {
        fileprivate let deadlines: Deadlines<TCPConnection>
        fileprivate let looks: Deadlines<TCPConnection>
        /// How long a look lasts: a server's two writes in a row are two segments, some microseconds apart.
        fileprivate static let look: Int64 = 1

        init(on eventLoop: any EventLoop) {
            deadlines = Deadlines(on: eventLoop, granularity: 20) { $0.timeHasCome() }
            looks = Deadlines(on: eventLoop, granularity: 1) { $0.lookIsOver() }
        }
    }

    private func setTimer() {
        if let timer {
            guard deadline < timer.at else { return }
            timers.deadlines.remove(timer.place)
        }
        let wait = deadline - NetworkLoop.monotonicMilliseconds
        timer = (timers.deadlines.add(self, milliseconds: wait), deadline)
    }

    private func timeHasCome() {
        timer = nil
        guard conversation != nil else { return }
        // A look is short, and what follows it sets its own deadline.
        guard !isLooking, deadline <= NetworkLoop.monotonicMilliseconds else { return setTimer() }
        proceed(after: .timeout)
    }

    private func startLooking() {
        isLooking = true
        timers.looks.add(self, milliseconds: Timers.look)
    }

    private func lookIsOver() {
        guard isLooking else { return }
        isLooking = false
        proceed(after: .quiet)
    }
}
