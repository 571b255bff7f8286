// SPDX-License-Identifier: Apache-2.0

/// Which authorities may issue certificates for a name (RFC 8659): the CAA records that count for it.
public struct CAALookup: Hashable, Sendable {
    /// How the last question ended: data, or a denial all the way up.
    public var status: LookupStatus
    /// The records as a zone file writes them, `0 issue "ca.example"`, in the order of the answer.
    public var records: [String]

    /// Takes both.
    public init(status: LookupStatus, records: [String] = []) {
        self.status = status
        self.records = records
    }

    /// Nobody asked, because the host has no address.
    public static let notReached = CAALookup(status: .notReached)
}
