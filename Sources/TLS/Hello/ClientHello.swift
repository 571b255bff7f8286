// SPDX-License-Identifier: Apache-2.0
public import Observations

/// The first message of a handshake (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2, RFC 6101 §5.6.1.2), as a value.
///
/// A hello with an empty key_share lets a server of TLS 1.3 say which group it would take, in a HelloRetryRequest, and a
/// server of older versions says what it chose in clear: nothing here needs cryptography. Nor does it read a clock or
/// roll dice: what must be random is given, so that the same value is always the same octets.
public struct ClientHello: Hashable, Sendable {
    /// The versions that the hello accepts. Before TLS 1.3 only the highest can be said (RFC 5246 §E.1).
    public var versions: ClosedRange<TLSVersion>
    /// In the client's order.
    public var suites: [CipherSuite]
    /// In the client's order; not sent in SSLv3.
    public var groups: [NamedGroup]
    /// server_name (RFC 6066 §3); left out in SSLv3, and where the name is no host name.
    public var serverName: DomainName?
    /// Also offers to compress by DEFLATE (RFC 3749): only a question, never carried out.
    public var offersCompression = false
    /// What is random in it.
    public var seed: Seed

    /// The random octets of a hello.
    public struct Seed: Hashable, Sendable {
        let random: [UInt8]
        let sessionID: [UInt8]

        /// Draws them, eight at a time: each draw of the system's generator is a system call.
        public init(using generator: inout some RandomNumberGenerator) {
            var drawn: [UInt8] = []
            drawn.reserveCapacity(64)
            while drawn.count < 64 {
                let word = generator.next()
                for shift in stride(from: 0, to: 64, by: 8) { drawn.append(UInt8(truncatingIfNeeded: word >> shift)) }
            }
            random = Array(drawn[..<32])
            sessionID = Array(drawn[32...])
        }
    }

    /// Takes all that differs between hellos.
    public init(
        versions: ClosedRange<TLSVersion>, suites: [CipherSuite], groups: [NamedGroup], serverName: DomainName?,
        seed: Seed
    ) {
        self.versions = versions
        self.suites = suites
        self.groups = groups
        self.serverName = serverName.flatMap { $0.hasHostNameSyntax && versions.upperBound > .ssl3 ? $0 : nil }
        self.seed = seed
    }

    /// The octets to send: one record. Its version is the oldest that any server could mind (RFC 8446 §5.1).
    public var record: [UInt8] {
        let message = message
        var record: [UInt8] = [22]
        record.append(versions.upperBound == .ssl3 ? TLSVersion.ssl3.wire : TLSVersion.tls10.wire)
        record.appendVector(lengthOctets: 2) { $0 += message }
        return record
    }

    /// Messages of 256 to 511 octets make some load balancers hang (RFC 7685 §1), so they are padded to 512.
    private var message: [UInt8] {
        let plain = message(padding: nil)
        guard (256...511).contains(plain.count), versions.upperBound > .ssl3 else { return plain }
        return message(padding: max(1, 512 - plain.count - 4))
    }

    private func message(padding: Int?) -> [UInt8] {
        let hasExtensions = versions.upperBound > .ssl3
        var message: [UInt8] = [1]
        message.appendVector(lengthOctets: 3) { body in
            body.append(min(versions.upperBound, .tls12).wire)
            body += seed.random
            // A middlebox takes TLS 1.3 for a resumption of TLS 1.2 when there is a session to resume (RFC 8446 §D.4).
            body.appendVector(lengthOctets: 1) { $0 += versions.upperBound == .tls13 ? seed.sessionID : [] }
            body.appendVector(lengthOctets: 2) { list in
                suites.forEach { list.append($0.rawValue) }
                if !hasExtensions { list.append(CipherSuite.emptyRenegotiationInfoSCSV.rawValue) }
            }
            body.appendVector(lengthOctets: 1) { $0 += offersCompression ? [1, 0] : [0] }
            if hasExtensions { body.appendVector(lengthOctets: 2) { appendExtensions(to: &$0, padding: padding) } }
        }
        return message
    }
}

extension [UInt8] {
    mutating func append(_ number: UInt16) {
        append(UInt8(number >> 8))
        append(UInt8(number & 0xFF))
    }

    /// What `body` appends, with its length before it (RFC 8446 §3.4).
    mutating func appendVector(lengthOctets: Int, _ body: (inout [UInt8]) -> Void) {
        let start = count
        append(contentsOf: repeatElement(0, count: lengthOctets))
        body(&self)
        let length = count - start - lengthOctets
        for octet in 0..<lengthOctets {
            self[start + octet] = UInt8(truncatingIfNeeded: length >> (8 * (lengthOctets - 1 - octet)))
        }
    }
}
