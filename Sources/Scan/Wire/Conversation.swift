// SPDX-License-Identifier: Apache-2.0

/// What happened on a connection.
enum TCPEvent {
    /// It is open. The first event, once.
    case opened
    case received([UInt8])
    /// What was asked for with `look`: nothing more had arrived.
    case quiet
    /// The moment that was listened for has come.
    case timeout
    /// The peer closed it. Nothing comes behind this, nor behind `failed`.
    case endOfStream
    case failed(errno: Int32)
}

/// What a conversation wants next.
enum TCPStep {
    /// To hear what comes, until this moment of `NetworkLoop.monotonicMilliseconds`.
    case listen(until: Int64)
    /// To hear what the peer has sent up to now without being asked, before it goes on.
    case look
    /// Nothing: the connection is to be closed.
    case close
}

/// One side of what is said on a connection: what happens goes in, what is wanted comes out, and `send` in between.
///
/// It is called where the socket is read, on the event loop, and not awaited between two words: a task is resumed once
/// for a connection, when all has been said, and not once for each of its parts.
protocol Conversation: AnyObject {
    func proceed(after event: TCPEvent, on connection: TCPConnection) -> TCPStep
}
