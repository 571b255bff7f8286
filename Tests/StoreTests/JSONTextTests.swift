// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Store

@Suite struct JSONTextTests {
    @Test(arguments: [
        [], [""], ["a"], ["a", "b"], ["\"", "\\", "\\\""], ["\n\r\t\u{1}\u{1F}"], ["ü", "日本", "😀"], ["[", "]", ","],
    ])
    func whatIsWrittenIsReadBackAndIsJSON(values: [String]) throws {
        let text = JSONText.array(values)
        #expect(JSONText.strings(text) == values)
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String] == values)
    }

    @Test func keysAreSortedSoThatEqualObjectsAreEqualOctets() {
        #expect(JSONText.object(["b": "2", "a": "1", "A": "0"]) == #"{"A":"0","a":"1","b":"2"}"#)
        #expect(JSONText.object([:]) == "{}")
    }

    @Test func nothingIsAnEmptyArray() {
        #expect(JSONText.strings(nil) == [])
        #expect(JSONText.strings(#"["\u00e9\u0041","#) == ["éA"])
    }
}
