// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOEmbedded
import Testing

@testable import Scan

/// A channel without a socket, whose time passes when it is told to.
struct TCPConnectionTests {
    private let channel = EmbeddedChannel()
    private let connection: TCPConnection
    private let farAway = TCPStep.listen(until: .max / 2)

    init() throws {
        connection = TCPConnection(channel: channel, timers: TCPConnection.Timers(on: channel.eventLoop))
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 25)).wait()
    }

    private func arrive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    @Test func whatArrivedAtOnceIsHeardAtOnce() throws {
        let listener = Listener()
        connection.begin(listener) {}
        channel.pipeline.fireChannelRead(ByteBuffer(string: "220 mx"))
        channel.pipeline.fireChannelRead(ByteBuffer(string: ".example\r\n"))
        channel.pipeline.fireChannelReadComplete()
        #expect(listener.heard == ["opened", "220 mx.example\r\n"])
    }

    /// A server's two writes in a row are two segments: the second must not be taken for an answer to our hello.
    @Test func lookHearsWhatWasSentWithoutBeingAsked() throws {
        let listener = Listener([farAway, .look, .look])
        connection.begin(listener) {}
        try arrive("220 go ahead\r\n")
        try arrive("250 and more\r\n")
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(2))
        #expect(listener.heard == ["opened", "220 go ahead\r\n", "250 and more\r\n", "quiet"])
    }

    @Test func lookIsQuietWhereNothingMoreCame() throws {
        let listener = Listener([farAway, .look])
        connection.begin(listener) {}
        try arrive("220 go ahead\r\n")
        #expect(listener.heard.count == 2)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(2))
        #expect(listener.heard == ["opened", "220 go ahead\r\n", "quiet"])
    }

    /// The end comes behind the quiet: who looked has spoken meanwhile, and learns what became of it.
    @Test func endDuringALookIsHeardBehindIt() throws {
        let listener = Listener([farAway, .look])
        connection.begin(listener) {}
        try arrive("220 go ahead\r\n")
        channel.pipeline.fireChannelInactive()
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(2))
        #expect(listener.heard == ["opened", "220 go ahead\r\n", "quiet", "end"])
    }

    @Test func deadlineThatHasPassedIsHeard() throws {
        let listener = Listener([.listen(until: NetworkLoop.monotonicMilliseconds), .close])
        var isOver = false
        connection.begin(listener) { isOver = true }
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(50))
        #expect(listener.heard == ["opened", "timeout"])
        #expect(isOver && !channel.isActive)
    }

    /// The deadline that was named last counts.
    @Test func deadlineIsMovedForward() throws {
        let now = NetworkLoop.monotonicMilliseconds
        let listener = Listener([.listen(until: now + 3_600_000), .listen(until: now)])
        connection.begin(listener) {}
        try arrive("220 mx.example\r\n")
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(50))
        #expect(listener.heard == ["opened", "220 mx.example\r\n", "timeout"])
    }

    @Test func deadlineIsMovedBack() throws {
        let now = NetworkLoop.monotonicMilliseconds
        let listener = Listener([.listen(until: now + 10), .listen(until: now + 3_600_000)])
        connection.begin(listener) {}
        try arrive("220 mx.example\r\n")
        channel.embeddedEventLoop.advanceTime(by: .minutes(1))
        #expect(listener.heard == ["opened", "220 mx.example\r\n"])
    }

    @Test func lastWordsBeforeTheEndAreHeard() throws {
        let listener = Listener()
        var isOver = false
        connection.begin(listener) { isOver = true }
        channel.pipeline.fireChannelRead(ByteBuffer(string: "421 bye\r\n"))
        channel.pipeline.fireChannelInactive()
        #expect(listener.heard == ["opened", "421 bye\r\n", "end"])
        #expect(isOver)
    }

    @Test func failureKeepsItsErrno() throws {
        let listener = Listener()
        connection.begin(listener) {}
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        #expect(listener.heard == ["opened", "errno 104"])
    }

    /// A write can fail while the conversation is talking: it is told when it has finished its sentence.
    @Test func whatHappensMeanwhileWaits() throws {
        let listener = Listener()
        connection.begin(listener) {}
        listener.speaks = { [channel] _ in
            guard listener.heard.last == "220 mx.example\r\n" else { return }
            channel.pipeline.fireChannelInactive()
            #expect(listener.heard.last == "220 mx.example\r\n")
        }
        try arrive("220 mx.example\r\n")
        #expect(listener.heard == ["opened", "220 mx.example\r\n", "end"])
    }

    @Test func nothingIsHeardBehindTheClose() throws {
        let listener = Listener([.close])
        connection.begin(listener) {}
        channel.pipeline.fireChannelRead(ByteBuffer(string: "220 mx.example\r\n"))
        channel.pipeline.fireChannelReadComplete()
        #expect(listener.heard == ["opened"])
    }
}
