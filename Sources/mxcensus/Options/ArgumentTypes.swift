// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
public import DNS
public import Observations
public import TLS

/// TCP ports written as `25` or `25,587`, lowest first; one that is named twice is probed once.
struct PortList: CustomStringConvertible {
    let ports: [Int]
    var description: String { ports.map(String.init).joined(separator: ",") }

    init(ports: [Int]) {
        self.ports = ports
    }

    /// Says what is wrong with which port.
    init(_ text: String, option: String) throws(ValidationError) {
        var ports: Set<Int> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let port = UInt16(word), port > 0, word.allSatisfy(\.isNumber) else {
                throw ValidationError("\(option) '\(text)': '\(word)' is no port; a port is a number from 1 to 65535")
            }
            ports.insert(Int(port))
        }
        self.ports = ports.sorted()
    }
}

/// Address families written as `4`, `6` or `4,6`.
struct FamilyList: ExpressibleByArgument, CustomStringConvertible {
    let families: Set<IPAddress.Family>
    var description: String { families.map(\.rawValue).sorted().map(String.init).joined(separator: ",") }

    init(families: Set<IPAddress.Family>) {
        self.families = families
    }

    init?(argument: String) {
        let families = argument.split(separator: ",").map { Int($0).flatMap(IPAddress.Family.init(rawValue:)) }
        guard !families.isEmpty, !families.contains(nil) else { return nil }
        self.families = Set(families.compactMap(\.self))
    }
}

extension Timestamp: ExpressibleByArgument {
    /// Reads RFC 3339.
    public init?(argument: String) {
        self.init(rfc3339: argument)
    }
}

extension DNSSECMode: ExpressibleByArgument {
    /// `trust-ad` on the command line, `trust_ad` in the data.
    public init?(argument: String) {
        self.init(rawValue: argument.replacing("-", with: "_"))
    }

    /// As it is typed.
    public var defaultValueDescription: String { rawValue.replacing("_", with: "-") }
    /// As they are typed.
    public static var allValueStrings: [String] { ["validate", "trust-ad", "off"] }
}

extension SHA1Policy: ExpressibleByArgument {}

extension TLSContext.Decoders: ExpressibleByArgument {}

extension DMARCRuleSet: ExpressibleByArgument {}

/// How an answer is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

extension DNSServer {
    /// Reads `IP`, `IPv4:PORT` or `[IPv6]:PORT`.
    init?(_ text: String) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        if let address = IPAddress(isBracketed ? String(text.dropFirst().dropLast()) : text) {
            self.init(address: address)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host) else { return nil }
        self.init(address: address, port: port)
    }
}
