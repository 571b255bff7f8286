// SPDX-License-Identifier: Apache-2.0

/// Whose network an address lies in, and in which country, as far as the tables at hand say it.
public struct AddressOrigin: Hashable, Sendable {
    /// The number of the autonomous system (RFC 6793).
    public var autonomousSystem: Int?
    /// The network that the table knows the autonomous system of.
    public var prefix: IPPrefix?
    /// ISO 3166-1, two letters.
    public var country: String?

    /// Nothing is known but what is given.
    public init(autonomousSystem: Int? = nil, prefix: IPPrefix? = nil, country: String? = nil) {
        self.autonomousSystem = autonomousSystem
        self.prefix = prefix
        self.country = country
    }
}
