// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What this process has sent and received, counted where it happens. Over UDP a message is a packet; over TCP the kernel
/// makes packets of octets as it likes, so connections and octets are counted.
public struct Traffic: Sendable, Hashable {
    /// Questions to resolvers over UDP.
    public var datagramsSent = 0
    /// Datagrams that came back, whether they were an answer or not.
    public var datagramsReceived = 0
    /// Connections that were tried: to mail hosts, policy hosts and, for long answers, resolvers.
    public var connections = 0
    /// Octets sent over them, without the headers of TCP and IP.
    public var octetsSent = 0
    /// Octets received over them.
    public var octetsReceived = 0

    private static let counted = Mutex(Traffic())

    /// Since the process began.
    public static var soFar: Traffic { counted.withLock { $0 } }

    static func count(_ add: (inout Traffic) -> Void) {
        counted.withLock { add(&$0) }
    }
}
