// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// The roots that a chain may end in (RFC 5280 §6.1.1 d), from one PEM file such as Debian's copy of Mozilla's list.
///
/// Which roots were believed is part of every result: the file's name and digest are recorded with the scan.
public final class TrustStore: Sendable {
    /// Why a file is no store of roots; each names the file.
    public enum Unusable: Error, Hashable, Sendable, CustomStringConvertible {
        /// The file cannot be read, and what the library says about that.
        case unreadable(file: String, reason: String)
        /// The certificate with this number in the file, counted from 1, cannot be read.
        case malformed(file: String, certificate: Int)
        /// The file holds no certificate.
        case empty(file: String)

        /// For people.
        public var description: String {
            switch self {
            case .unreadable(let file, let reason): "CA file \(file): \(reason)"
            case .malformed(let file, let certificate): "CA file \(file): certificate \(certificate) cannot be read"
            case .empty(let file): "CA file \(file): no certificate in it"
            }
        }
    }

    /// Where Debian's ca-certificates keeps Mozilla's roots.
    public static let defaultFile = "/etc/ssl/certs/ca-certificates.crt"

    /// The file's path as given.
    public let name: String
    /// SHA-256 over the file, lower-case hex.
    public let sha256: String
    /// How many different roots it holds.
    public let rootCount: Int

    // X509_STORE takes its own lock around look-ups and is not changed after `init`.
    nonisolated(unsafe) let handle: OpaquePointer
    let roots: Set<String>

    /// Reads a PEM file.
    public convenience init(caFile: String = TrustStore.defaultFile) throws(Unusable) {
        try self.init(name: caFile, pem: Self.contents(of: caFile))
    }

    /// Takes PEM text that stands nowhere in a file.
    public init(name: String, pem: [UInt8]) throws(Unusable) {
        var certificates: [ParsedCertificate] = []
        guard let bio = BIO_new(BIO_s_mem()), let store = X509_STORE_new()
        else { throw .unreadable(file: name, reason: "out of memory") }
        defer { BIO_free(bio) }
        do throws(Unusable) {
            var rest = pem[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { BIO_write(bio, $0.baseAddress, Int32(clamping: $0.count)) }
                guard written > 0 else { throw .unreadable(file: name, reason: "out of memory") }
                rest = rest.dropFirst(Int(written))
            }
            ErrorQueue.clear()
            while let next = PEM_read_bio_X509(bio, nil, nil, nil) {
                certificates.append(ParsedCertificate(owning: next))
                X509_STORE_add_cert(store, next)
            }
            // Reading ends at the end: any reason but "no more begin line" is a broken entry.
            let reasons = ErrorQueue.drain()
            guard reasons.allSatisfy({ $0.library == ERR_LIB_PEM && $0.reason == PEM_R_NO_START_LINE })
            else { throw .malformed(file: name, certificate: certificates.count + 1) }
            guard !certificates.isEmpty else { throw .empty(file: name) }
        } catch {
            X509_STORE_free(store)
            throw error
        }
        roots = Set(certificates.map(\.sha256))
        self.name = name
        sha256 = pem.withUnsafeBytes { Hex.sha256($0) }
        rootCount = roots.count
        handle = store
    }

    deinit {
        X509_STORE_free(handle)
    }

    private static func contents(of file: String) throws(Unusable) -> [UInt8] {
        ErrorQueue.clear()
        guard let bio = BIO_new_file(file, "rb")
        else { throw .unreadable(file: file, reason: ErrorQueue.drain().first?.text ?? "cannot be opened") }
        defer { BIO_free(bio) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = BIO_read(bio, &buffer, Int32(buffer.count))
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer.prefix(Int(count)))
        }
        // A folder opens, and fails only when it is read.
        guard let reason = ErrorQueue.drain().first else { return bytes }
        throw .unreadable(file: file, reason: reason.text)
    }
}
