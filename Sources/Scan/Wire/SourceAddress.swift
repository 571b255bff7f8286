// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Observations

/// From which address this machine would speak to the internet.
enum SourceAddress {
    /// The address of one family that the system's routes choose; nil where there is no route. Nothing is sent: connecting
    /// a UDP socket only looks the route up.
    @NetworkLoop
    static func ofThisMachine(_ family: IPAddress.Family) async -> IPAddress? {
        do {
            let target = try SocketAddress(ipAddress: farAway(family), port: 53)
            let channel = try await NetworkLoop.value(
                of: DatagramBootstrap(group: NetworkLoop.shared.eventLoop).connect(to: target))
            defer { channel.close(promise: nil) }
            return channel.localAddress?.ipAddress.flatMap { IPAddress($0) }
        } catch {
            return nil
        }
    }

    /// Somebody to whom every routing table must lead: a.root-servers.net.
    private static func farAway(_ family: IPAddress.Family) -> String {
        family == .v4 ? "198.41.0.4" : "2001:503:ba3e::2:30"
    }
}
