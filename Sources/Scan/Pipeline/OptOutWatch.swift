// SPDX-License-Identifier: Apache-2.0
import Foundation
public import Lists
public import Observations

/// The opt-out list as it is now: a complaint that is entered in the file while a scan runs takes effect at the next
/// look, within a minute, and everybody asks here before each question and each connection.
@NetworkLoop
public final class OptOutWatch {
    /// Seconds between two looks at the file.
    public nonisolated static let interval: Int64 = 20

    /// Who is not asked.
    public private(set) var list: OptOutList
    /// Questions and connections that were asked about here.
    public private(set) var checks = 0
    /// Those of them that were not sent.
    public private(set) var refusals = 0
    /// How often the file was read anew.
    public private(set) var rereadings = 0

    private let path: String?
    private let tables: AddressTables
    private let obeysAll: Bool
    private var stamp: Stamp?
    private var hasFailed = false

    private struct Stamp: Equatable {
        var modified: Date?
        var size: Int?
        var node: Int?
    }

    /// Begins with what was read already; `path` is looked at again where it is a file. The tables tell which addresses
    /// belong to an autonomous system that has opted out; where there is none, such an entry is refused if `obeysAll`.
    public init(_ list: OptOutList, path: String?, tables: AddressTables = AddressTables(), obeysAll: Bool = false) {
        self.list = list
        self.path = path == "-" ? nil : path
        self.tables = tables
        self.obeysAll = obeysAll
        stamp = self.path.flatMap(Self.stamp)
    }

    /// Whether a mail domain has opted out.
    public func covers(domain: DomainName) -> Bool { noted(list.covers(domain: domain)) }

    /// Whether a mail host, or a name of its chain of aliases, has opted out.
    public func covers(host: DomainName) -> Bool { noted(list.covers(host: host)) }

    /// Whether an address has opted out, by itself, with its prefix or with its autonomous system.
    public func covers(address: IPAddress) -> Bool { noted(isCovered(address)) }

    /// Whether an endpoint has opted out, by its name or by its address.
    public func covers(_ endpoint: Endpoint) -> Bool {
        noted(isCovered(endpoint.address) || list.covers(host: endpoint.host))
    }

    /// Reads the file again where it has changed, or where that is `forced`; true where a new list is in force.
    ///
    /// A file that somebody is just writing may be unreadable for a moment: the old list stays in force until the next
    /// look. If it is unreadable then, too, that is thrown, and stops the scan: an opt-out must never be lost.
    public func look(forced: Bool = false, at now: Timestamp) throws -> Bool {
        guard let path else { return false }
        let current = Self.stamp(path)
        guard forced || hasFailed || current != stamp else { return false }
        do {
            list =
                try obeysAll
                ? OptOutList(path: path, at: now, tables: tables) : OptOutList(path: path, at: now)
        } catch {
            guard !hasFailed else { throw error }
            hasFailed = true
            return false
        }
        hasFailed = false
        stamp = current
        rereadings += 1
        return true
    }

    /// What of the list as it is now cannot be obeyed; nil where all of it can.
    public var problem: OptOutError? { list.unobeyed(in: path ?? "-", tables) }

    private func isCovered(_ address: IPAddress) -> Bool {
        if list.covers(address: address) { return true }
        guard !list.autonomousSystems.isEmpty else { return false }
        return [address, address.embeddedV4].compactMap { $0.flatMap(tables.autonomousSystem(of:)) }
            .contains(where: list.covers(autonomousSystem:))
    }

    private func noted(_ isCovered: Bool) -> Bool {
        checks += 1
        if isCovered { refusals += 1 }
        return isCovered
    }

    private static func stamp(_ path: String) -> Stamp? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        return Stamp(
            modified: attributes[.modificationDate] as? Date, size: (attributes[.size] as? NSNumber)?.intValue,
            node: (attributes[.systemFileNumber] as? NSNumber)?.intValue)
    }
}
