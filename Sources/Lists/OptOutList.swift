// SPDX-License-Identifier: Apache-2.0

public import Observations

/// Who has asked not to be surveyed. One entry a line, `#` begins a comment:
///
///     192.0.2.0/24                       a prefix or an address; ZMap's blocklist.conf is made of such lines
///     2001:db8::/32 ref=ticket-17        with a remark: reason= and ref=, in quotes where they hold spaces
///     AS64500                            an autonomous system
///     domain:example.nl                  the domain and every name below it, as a domain and as a mail host
///     host:mx.example.nl expires=2027-01-01     one mail host, until the end of that day (UTC)
///
/// An entry that cannot be understood is an error and stops the survey: an opt-out must never be lost.
public struct OptOutList: Sendable {
    private var domains: Set<DomainName> = []
    private var hosts: Set<DomainName> = []
    /// With the line that names them first.
    private var systems: [Int: Int] = [:]
    /// By family and length of the prefix, so that a question costs one look-up for each length that occurs.
    private var prefixes: [PrefixKind: Set<IPAddress>] = [:]
    /// Entries in force.
    public private(set) var count = 0
    /// Entries that have expired and cover nothing.
    public private(set) var expiredCount = 0

    private struct PrefixKind: Hashable {
        let family: IPAddress.Family
        let length: Int
    }

    /// Nobody.
    public init() {}

    /// Reads the file (`-` is standard input); entries that have expired by `now` are counted and left out.
    public init(path: String, at now: Timestamp) throws(OptOutError) {
        var lines: LineReader
        do throws(ListError) { lines = LineReader(try ByteSource(path: path)) } catch { throw .list(error) }
        while let line = try Self.next(&lines) {
            do throws(OptOutError.Reason) {
                guard !line.isTooLong else { throw .lineTooLong }
                guard let text = String(validating: line.octets, as: UTF8.self) else { throw .notUTF8 }
                try add(text, line: line.number, at: now)
            } catch {
                throw .badLine(file: lines.file, line: line.number, reason: error)
            }
        }
    }

    /// The same, and an error where an entry could not be obeyed: one for an autonomous system, without a table of them.
    public init(path: String, at now: Timestamp, tables: AddressTables) throws(OptOutError) {
        try self.init(path: path, at: now)
        if let problem = unobeyed(in: path, tables) { throw problem }
    }

    /// Which entries of the file could not be obeyed: those for autonomous systems, without a table of them; nil where all
    /// of them can.
    public func unobeyed(in file: String, _ tables: AddressTables) -> OptOutError? {
        guard tables.systems == nil else { return nil }
        let lines = systems.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map { ($0.value, $0.key) }
        guard let (line, system) = lines.first else { return nil }
        return .noTableOfSystems(file: file, line: line, system: system, otherLines: lines.dropFirst().map(\.0))
    }

    private static func next(_ lines: inout LineReader) throws(OptOutError) -> LineReader.Line? {
        do throws(ListError) { return try lines.next() } catch { throw .list(error) }
    }

    /// Reads one line, of that number in its file; blank ones and comments say nothing.
    public mutating func add(_ text: String, line: Int = 1, at now: Timestamp) throws(OptOutError.Reason) {
        guard let entry = try OptOutEntry(text) else { return }
        if let end = entry.expires, end <= now {
            expiredCount += 1
            return
        }
        count += 1
        switch entry.subject {
        case .domain(let name): domains.insert(name)
        case .host(let name): hosts.insert(name)
        case .system(let number): systems[number] = systems[number] ?? line
        case .prefix(let prefix):
            let kind = PrefixKind(family: prefix.base.family, length: prefix.length)
            prefixes[kind, default: []].insert(prefix.base.masked(to: prefix.length))
        }
    }

    /// Whether a mail domain, or a domain above it, has opted out.
    public func covers(domain: DomainName) -> Bool {
        guard !domains.isEmpty else { return false }
        var name: DomainName? = domain
        while let here = name {
            if domains.contains(here) { return true }
            name = here.parent
        }
        return false
    }

    /// Whether a mail host (or a name of its chain of aliases) has opted out, by itself or with its domain.
    public func covers(host: DomainName) -> Bool {
        hosts.contains(host) || covers(domain: host)
    }

    /// Whether an address, or the IPv4 address that it carries inside, lies in a prefix that has opted out.
    public func covers(address: IPAddress) -> Bool {
        let isCovered = prefixes.contains { kind, bases in
            kind.family == address.family && bases.contains(address.masked(to: kind.length))
        }
        return isCovered || address.embeddedV4.map(covers(address:)) == true
    }

    /// The autonomous systems that have opted out, which takes a table of networks to be of any effect.
    public var autonomousSystems: [Int] { systems.keys.sorted() }

    /// Whether an autonomous system has opted out.
    public func covers(autonomousSystem number: Int) -> Bool {
        systems[number] != nil
    }
}
