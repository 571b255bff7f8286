// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@Suite struct TLSARecordTests {
    private func record(_ usage: Int, _ selector: Int, _ matchingType: Int, count: Int) -> TLSARecord {
        TLSARecord(
            certificateUsage: usage, selector: selector, matchingType: matchingType,
            associationData: [UInt8](repeating: 0xA5, count: count))
    }

    @Test(arguments: [
        (3, 1, 1, 32, TLSARecord.Usability.usable),
        (3, 0, 2, 64, .usable),
        (2, 0, 0, 1, .usable),
        (2, 1, 0, 500, .usable),
        (0, 1, 1, 32, .badUsage),
        (1, 1, 1, 32, .badUsage),
        (4, 1, 1, 32, .badUsage),
        (255, 9, 9, 1, .badUsage),
        (3, 2, 1, 32, .badSelector),
        (3, 255, 9, 0, .badSelector),
        (3, 1, 3, 32, .badMatchingType),
        (2, 0, 255, 32, .badMatchingType),
        (3, 1, 1, 31, .badLength),
        (3, 1, 1, 33, .badLength),
        (3, 1, 1, 64, .badLength),
        (3, 1, 2, 32, .badLength),
        (3, 1, 1, 0, .badLength),
        (3, 1, 0, 0, .unparsable),
    ])
    func usability(_ usage: Int, _ selector: Int, _ matchingType: Int, _ count: Int, _ expected: TLSARecord.Usability) {
        #expect(record(usage, selector, matchingType, count: count).usability == expected)
    }

    @Test func fullDataThatNobodyCanRead() {
        let unreadable = TLSARecord(
            certificateUsage: 3, selector: 0, matchingType: 0, associationData: [1], isFullDataReadable: false)
        #expect(unreadable.usability == .unparsable)
        // Of a digest there is nothing to read.
        let digest = TLSARecord(
            certificateUsage: 3, selector: 0, matchingType: 1, associationData: [UInt8](repeating: 0, count: 32),
            isFullDataReadable: false)
        #expect(digest.usability == .usable)
    }

    @Test func presentation() {
        let record = TLSARecord(
            certificateUsage: 2, selector: 0, matchingType: 0, associationData: [0x00, 0x0F, 0xF0, 0xFF])
        #expect(record.description == "2 0 0 000ff0ff")
    }

    @Test func theStrongestDigestShadowsTheOther() {
        #expect(TLSARecord.shadowed(in: [record(3, 1, 1, count: 32), record(3, 1, 2, count: 64)]) == [0])
        #expect(TLSARecord.shadowed(in: [record(3, 1, 1, count: 32), record(3, 1, 1, count: 32)]).isEmpty)
        // Per usage and per selector.
        #expect(TLSARecord.shadowed(in: [record(3, 1, 1, count: 32), record(3, 0, 2, count: 64)]).isEmpty)
        #expect(TLSARecord.shadowed(in: [record(3, 1, 1, count: 32), record(2, 1, 2, count: 64)]).isEmpty)
        // Data in full neither shadow nor are shadowed.
        #expect(TLSARecord.shadowed(in: [record(3, 1, 0, count: 91), record(3, 1, 2, count: 64)]).isEmpty)
        #expect(TLSARecord.shadowed(in: [record(3, 1, 0, count: 91), record(3, 1, 1, count: 32)]).isEmpty)
        // What cannot be used shadows nothing.
        #expect(TLSARecord.shadowed(in: [record(3, 1, 1, count: 32), record(3, 1, 2, count: 63)]).isEmpty)
        #expect(TLSARecord.shadowed(in: [record(1, 1, 1, count: 32), record(1, 1, 2, count: 64)]).isEmpty)
    }
}
