// SPDX-License-Identifier: Apache-2.0
import Foundation

/// JSON for programs: keys sorted, so that two runs can be compared as text.
enum JSONText {
    static func object(_ object: Any) -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
