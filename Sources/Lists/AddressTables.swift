// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The tables that tell whose network an address lies in, and in which country: each only where a file was given.
public struct AddressTables: Sendable {
    /// Autonomous systems.
    public var systems: AddressTable?
    /// Countries.
    public var countries: AddressTable?

    /// Those that are at hand.
    public init(systems: AddressTable? = nil, countries: AddressTable? = nil) {
        self.systems = systems
        self.countries = countries
    }

    /// The autonomous system of an address; nil where nobody knows.
    public func autonomousSystem(of address: IPAddress) -> Int? { systems?.autonomousSystem(of: address)?.number }

    /// All that the tables say of an address.
    public func origin(of address: IPAddress) -> AddressOrigin {
        let found = systems?.autonomousSystem(of: address)
        return AddressOrigin(
            autonomousSystem: found?.number, prefix: found?.prefix, country: countries?.country(of: address))
    }
}
