// SPDX-License-Identifier: Apache-2.0

/// How the lines of a list are to be read, which its first line tells.
enum ListFormat {
    /// One name, address or URL a line.
    case names
    /// `rank,domain` without a header, as Tranco and Umbrella publish.
    case ranking
    /// A header, then values.
    case table(Columns)

    struct Columns {
        let names: [String]
        let domain: Int
        let rank: Int?
        let separator: UInt8
    }

    /// Judges by the first line that is neither blank nor a comment; nil where it has several columns of which none is
    /// named `domain` (the list of .gov domains says `Domain name`).
    init?(firstLine octets: [UInt8]) {
        for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
            guard case .fields(let fields) = CSVRecord(octets, separator: separator) else { continue }
            let names = fields.map { String(String(decoding: $0, as: UTF8.self)[...].trimmed) }
            let keys = names.map { $0.lowercased() }
            if let domain = keys.firstIndex(of: "domain") ?? keys.firstIndex(of: "domain name") {
                self = .table(
                    Columns(names: names, domain: domain, rank: keys.firstIndex(of: "rank"), separator: separator))
                return
            }
            if fields.count == 2, separator == UInt8(ascii: ","), Int(names[0]) != nil {
                self = .ranking
                return
            }
        }
        guard !octets.contains(UInt8(ascii: ",")) else { return nil }
        self = .names
    }
}
