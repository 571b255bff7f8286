// SPDX-License-Identifier: Apache-2.0

public import Observations

/// A recursive resolver that we ask: an address and a port, 53 unless somebody says otherwise (RFC 1035 §4.2).
public struct DNSServer: Hashable, Sendable, CustomStringConvertible {
    /// Where it listens.
    public let address: IPAddress
    /// UDP and TCP port.
    public let port: Int

    /// Takes an address and a port.
    public init(address: IPAddress, port: Int = 53) {
        self.address = address
        self.port = port
    }

    /// `192.0.2.1:53`, `[2001:db8::1]:53`.
    public var description: String {
        address.family == .v4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}

/// What carries a message: a datagram, or a stream with a length before each message (RFC 7766 §8).
public enum DNSCarrier: Hashable, Sendable {
    /// UDP.
    case udp
    /// TCP.
    case tcp
}

/// What one exchange came to, below the meaning of the message.
public enum TransportReply: Hashable, Sendable {
    /// The bytes of a response whose sender, id and question fit the query.
    case answer([UInt8])
    /// None in time.
    case timeout
    /// The operating system's refusal, as errno; 0 where it gave none (a stream that ended early).
    case networkError(Int32)
}

/// Carries queries to servers. The only one with sockets lives in the Scan room; tests have one without.
public protocol DNSTransport: AnyObject {
    /// Sends a query and waits for its response, at most `timeoutMilliseconds`. The first two octets, the ID, are the
    /// transport's to choose, since it alone knows which ids are in use on a port (RFC 5452 §4.3). Whatever fits the
    /// query in sender, id and question is an answer, everything else is dropped (RFC 5452 §9.1).
    func exchange(
        _ query: [UInt8], with server: DNSServer, over carrier: DNSCarrier, timeoutMilliseconds: Int64
    ) async -> TransportReply

    /// Waits.
    func pause(milliseconds: Int64) async
}
