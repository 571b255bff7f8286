// SPDX-License-Identifier: Apache-2.0
public import Observations

/// What a server chose (RFC 5246 §7.4.1.3, RFC 8446 §4.1.3), and, before TLS 1.3, what else it said in clear.
public struct ServerHello: Hashable, Sendable {
    /// Of supported_versions where it is there, else the message's own.
    public var version: TLSVersion
    /// The suite.
    public var suite: CipherSuite
    /// "Send your hello again, with a key share of `group`" (RFC 8446 §4.1.4).
    public var isHelloRetryRequest: Bool
    /// Of the HelloRetryRequest, or of ServerKeyExchange.
    public var group: NamedGroup?
    /// RFC 3749: 0 is none, 1 is DEFLATE.
    public var compression: UInt8
    /// RFC 7627.
    public var extendedMasterSecret: Bool
    /// RFC 5746.
    public var secureRenegotiation: Bool
    /// The server will send a ticket (RFC 5077 §3.2).
    public var sessionTicket: Bool
    /// Bits of a finite-field modulus, of ServerKeyExchange.
    public var dhBits: Int?
    /// Of ServerKeyExchange in TLS 1.2; older versions name none.
    public var signatureScheme: SignatureScheme?
    /// The chain as presented, DER, the server's certificate first; before TLS 1.3.
    public var chain: [[UInt8]] = []

    /// RFC 8446 §4.1.3: a ServerHello with this random is a HelloRetryRequest.
    static let helloRetryRequestRandom: [UInt8] = [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ]

    /// Reads the body of the message; nil where it is none, or of a version that no standard gives.
    init?(body: ArraySlice<UInt8>) {
        var cursor = WireCursor(body)
        guard var wire = cursor.uint16(), let random = cursor.octets(32),
            let sessionID = cursor.vector(lengthOctets: 1), sessionID.count <= 32, let suite = cursor.uint16(),
            let compression = cursor.uint8()
        else { return nil }
        var extensions: [UInt16: ArraySlice<UInt8>] = [:]
        if !cursor.isAtEnd {
            guard let list = cursor.vector(lengthOctets: 2), cursor.isAtEnd else { return nil }
            var items = WireCursor(list)
            while !items.isAtEnd {
                guard let type = items.uint16(), let value = items.vector(lengthOctets: 2),
                    extensions.updateValue(value, forKey: type) == nil
                else { return nil }
            }
        }
        if let chosen = extensions[ClientHello.ExtensionType.supportedVersions] {
            var cursor = WireCursor(chosen)
            guard let number = cursor.uint16(), cursor.isAtEnd else { return nil }
            wire = number
        }
        guard let version = TLSVersion(wire: wire) else { return nil }
        isHelloRetryRequest = version == .tls13 && random.elementsEqual(Self.helloRetryRequestRandom)
        if let share = extensions[ClientHello.ExtensionType.keyShare] {
            var cursor = WireCursor(share)
            guard let number = cursor.uint16() else { return nil }
            group = NamedGroup(rawValue: number)
        }
        self.version = version
        self.suite = CipherSuite(rawValue: suite)
        self.compression = compression
        extendedMasterSecret = extensions[ClientHello.ExtensionType.extendedMasterSecret] != nil
        secureRenegotiation = extensions[ClientHello.ExtensionType.renegotiationInfo] != nil
        sessionTicket = extensions[ClientHello.ExtensionType.sessionTicket] != nil
    }
}

extension ServerHello {
    /// Adds the Certificate message of the versions before TLS 1.3 (RFC 5246 §7.4.2); false where it can't be read.
    mutating func addCertificates(body: ArraySlice<UInt8>) -> Bool {
        var cursor = WireCursor(body)
        guard let list = cursor.vector(lengthOctets: 3), cursor.isAtEnd else { return false }
        var items = WireCursor(list)
        while !items.isAtEnd {
            guard let certificate = items.vector(lengthOctets: 3) else { return false }
            chain.append(Array(certificate))
        }
        return true
    }

    /// Adds ServerKeyExchange (RFC 5246 §7.4.3, RFC 8422 §5.4); false where it can't be read.
    mutating func addKeyExchange(body: ArraySlice<UInt8>) -> Bool {
        var cursor = WireCursor(body)
        switch suite.keyExchange {
        case .other: return true
        case .ecdhe:
            guard let curveType = cursor.uint8() else { return false }
            guard curveType == 3 else { return true }  // curves spelled out, abandoned by RFC 8422
            guard let number = cursor.uint16(), cursor.vector(lengthOctets: 1) != nil else { return false }
            group = NamedGroup(rawValue: number)
        case .dhe:
            guard let modulus = cursor.vector(lengthOctets: 2), cursor.vector(lengthOctets: 2) != nil,
                cursor.vector(lengthOctets: 2) != nil
            else { return false }
            let significant = modulus.drop { $0 == 0 }
            let bits = significant.first.map { significant.count * 8 - $0.leadingZeroBitCount } ?? 0
            dhBits = bits
            group = NamedGroup(finiteFieldModulus: significant, bits: bits)
        }
        guard version == .tls12, !suite.isAnonymous else { return true }
        guard let scheme = cursor.uint16(), cursor.vector(lengthOctets: 2) != nil else { return false }
        signatureScheme = SignatureScheme(rawValue: scheme)
        return true
    }
}
