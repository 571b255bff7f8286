// SPDX-License-Identifier: Apache-2.0

/// What a parent says of a key of its child: tag, algorithm and a digest of the key (RFC 4034 §5.1).
public struct DS: Hashable, Sendable {
    /// Tag of the key.
    public let keyTag: UInt16
    /// Algorithm of the key.
    public let algorithm: UInt8
    /// Digest type: 1 SHA-1, 2 SHA-256 (RFC 4509), 4 SHA-384 (RFC 6605).
    public let digestType: UInt8
    /// The digest over the owner and the key's RDATA.
    public let digest: [UInt8]

    /// Takes the four fields.
    public init(keyTag: UInt16, algorithm: UInt8, digestType: UInt8, digest: [UInt8]) {
        self.keyTag = keyTag
        self.algorithm = algorithm
        self.digestType = digestType
        self.digest = digest
    }

    /// Reads RDATA; nil where it is too short.
    public init?(rdata: [UInt8]) {
        guard rdata.count > 4 else { return nil }
        self.init(
            keyTag: UInt16(rdata[0]) << 8 | UInt16(rdata[1]), algorithm: rdata[2], digestType: rdata[3],
            digest: Array(rdata[4...]))
    }
}
