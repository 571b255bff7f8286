// SPDX-License-Identifier: Apache-2.0

private import CMaxMindDB
public import Observations

/// A table of networks in MaxMind's file format (GeoLite2-ASN, GeoLite2-Country and what is laid out like them): mapped
/// into memory, asked in about a microsecond, read by as many threads as like to.
public final class AddressTable: Sendable {
    /// Why a file is no such table.
    public struct Unusable: Error, Hashable, Sendable, CustomStringConvertible {
        /// The file.
        public let file: String
        /// What is wrong, in a few words.
        public let reason: String

        /// One line for a person.
        public var description: String { "\(file): \(reason)" }
    }

    private let file: MappedFile

    /// Maps the file; what is in it is read as it is asked for.
    public init(path: String) throws(Unusable) {
        file = MappedFile()
        let status = MMDB_open(path, UInt32(MMDB_MODE_MMAP), file.table)
        guard status == MMDB_SUCCESS else {
            let isMissing = status == MMDB_FILE_OPEN_ERROR
            let reason = String(cString: MMDB_strerror(status))
            throw Unusable(
                file: path, reason: isMissing ? "cannot be read" : "is no table in MaxMind's format: \(reason)")
        }
        file.isOpen = true
    }

    /// The autonomous system that announces an address, and the network that the table knows it of.
    public func autonomousSystem(of address: IPAddress) -> (number: Int, prefix: IPPrefix)? {
        guard var found = record(of: address) else { return nil }
        var number: UInt32 = 0
        guard shim_MMDB_get_uint32(&found.record, "autonomous_system_number", &number) != 0,
            let prefix = IPPrefix("\(address)/\(found.prefix)")?.withoutHostBits
        else { return nil }
        return (Int(number), prefix)
    }

    /// The country that an address is used in or, where that is not known, the one that it is registered in.
    public func country(of address: IPAddress) -> String? {
        guard var found = record(of: address) else { return nil }
        for key in ["country", "registered_country"] {
            var length: UInt32 = 0
            guard let start = shim_MMDB_get_text(&found.record, key, "iso_code", &length) else { continue }
            let octets = UnsafeRawBufferPointer(start: start, count: Int(length))
            return String(validating: octets, as: UTF8.self)
        }
        return nil
    }

    private func record(of address: IPAddress) -> (record: MMDB_entry_s, prefix: Int)? {
        var record = MMDB_entry_s()
        var prefix: Int32 = 0
        let octets = address.octets
        guard shim_MMDB_lookup(file.table, octets, Int32(octets.count), &record, &prefix) != 0 else { return nil }
        return (record, Int(prefix))
    }
}

/// Owns the library's handle, which nobody changes once it is open.
private final class MappedFile: @unchecked Sendable {
    let table = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
    var isOpen = false

    init() {
        table.initialize(to: MMDB_s())
    }

    deinit {
        if isOpen { MMDB_close(table) }
        table.deallocate()
    }
}
