// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Lists

/// Whose networks addresses lie in.
struct OriginOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A table of autonomous systems in MaxMind's format (GeoLite2-ASN.mmdb): for budgets by network, opt-outs such "
                + "as AS64500, and the columns asn and prefix.", valueName: "FILE"))
    var asnFile: String?

    @Option(
        help: ArgumentHelp(
            "A table of countries in MaxMind's format (GeoLite2-Country.mmdb), for the column country.",
            valueName: "FILE"))
    var countryFile: String?

    func tables() throws -> AddressTables {
        AddressTables(
            systems: try asnFile.map { try AddressTable(path: $0) },
            countries: try countryFile.map { try AddressTable(path: $0) })
    }
}
