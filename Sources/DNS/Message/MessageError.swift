// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a DNS message that can be read (RFC 1035 §4).
public enum MessageError: Error, Hashable, Sendable {
    /// Fewer bytes than the header or a count promises.
    case truncated
    /// A label of an unknown kind, or a name of more than 255 octets.
    case badName
    /// A compression pointer that does not point backwards, and so could go round in circles.
    case badPointer
    /// Not exactly one question of class IN.
    case badQuestion
    /// RDATA that breaks the format of its type.
    case badRecordData
    /// More than one OPT record, or one that breaks RFC 6891.
    case badOption
}
