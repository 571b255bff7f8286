// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import Observations

/// Writes each event as a line of `key=value` pairs (logfmt), for people and programs alike.
struct LogLines: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let put: @Sendable (String) -> Void

    /// Events below the level are left out; `put` is given whole lines without their end.
    init(level: Logger.Level, put: @escaping @Sendable (String) -> Void) {
        logLevel = level
        self.put = put
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var pairs = [
            ("time", "\(Timestamp(seconds: Int64(Date().timeIntervalSince1970)))"), ("level", "\(event.level)"),
            ("msg", "\(event.message)"),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        pairs += all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        put(pairs.map { "\($0)=\(Self.quoted($1))" }.joined(separator: " "))
    }

    /// Bare where it is one word; else a JSON string, which nothing ends before its end.
    static func quoted(_ value: String) -> String {
        let isBare =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { $0 > " " && $0 != "\u{7F}" && !"\"=\\".unicodeScalars.contains($0) }
        return isBare ? value : JSONText.string(value)
    }
}
