// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// OpenSSL tells what went wrong in a queue of each thread: codes of library and reason, the oldest first. A call that
/// fails may find there what an earlier one left, so the queue is emptied before each call and drained after a failure.
struct ErrorQueue {
    /// One entry: who complains, and about what.
    struct Entry: Equatable {
        var library: Int32
        var reason: Int32
        var text: String
    }

    /// Empties the queue of this thread.
    static func clear() {
        ERR_clear_error()
    }

    /// Takes what the last call left, the oldest first.
    static func drain() -> [Entry] {
        var entries: [Entry] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return entries }
            entries.append(
                Entry(library: shim_ERR_GET_LIB(code), reason: shim_ERR_GET_REASON(code), text: text(of: code)))
        }
    }

    private static func text(of code: UInt) -> String {
        if let reason = ERR_reason_error_string(code) { return String(cString: reason) }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress, shim_ERR_system_text(code, start, buffer.count) == 1
            else { return "error \(code)" }
            return String(cString: start)
        }
    }
}

/// What stops us: the library refused a call that does not depend on any peer.
public struct TLSLibraryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call.
    public let operation: String
    /// The library's reasons, the oldest first.
    public let reasons: [String]

    init(_ operation: String) {
        self.operation = operation
        reasons = ErrorQueue.drain().map(\.text)
    }

    /// `SSL_CTX_new: out of memory`.
    public var description: String {
        reasons.isEmpty ? operation : "\(operation): \(reasons.joined(separator: ", "))"
    }
}
