// SPDX-License-Identifier: Apache-2.0

/// What the TLSA question of a mail host came to (RFC 7672 §2.2).
///
/// An error is not an absence: behind an outcome that is neither data nor a denial, a sender must not deliver (§2.1.1),
/// so no later base domain is asked either.
public struct TLSALookup: Hashable, Sendable {
    /// The TLSA base domain, under which records were found (RFC 7671 §1.1); nil where none were.
    public var base: DomainName?
    /// How the question ended, and whether the records, or their absence, are secure.
    public var status: LookupStatus
    /// The records, in the order of the answer, each once.
    public var records: [TLSARecord]

    /// Takes all of it.
    public init(base: DomainName? = nil, status: LookupStatus, records: [TLSARecord] = []) {
        self.base = base
        self.status = status
        self.records = records
    }

    /// Nobody asked, because the host has no address, or none that is secure (RFC 7672 §2.2.2).
    public static let notReached = TLSALookup(status: .notReached)
    /// Nobody asked, because nobody validates here.
    public static let notMeasured = TLSALookup(
        status: LookupStatus(outcome: .notMeasured, security: .notMeasured))
}
