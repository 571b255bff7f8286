// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Says that no name lies between its owner and the next, and which types its owner has (RFC 4034 §4.1).
public struct NSEC: Hashable, Sendable {
    /// The next name of the zone in canonical order; for the last one the apex.
    public let next: DomainName
    /// The types at the owner.
    public let types: TypeBitmap

    /// Reads RDATA; nil where it breaks the format.
    public init?(rdata: [UInt8]) {
        var reader = WireReader(rdata)
        guard let next = try? reader.readName(), let types = TypeBitmap(reader.readRest()) else { return nil }
        self.next = next
        self.types = types
    }
}
