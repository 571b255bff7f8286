// SPDX-License-Identifier: Apache-2.0

/// A moment in UTC, in whole seconds since 1970, written as RFC 3339 with `Z` in every table.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let seconds: Int64

    /// Takes seconds since 1970.
    public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// Reads `2026-01-31T23:59:59Z`, an offset such as `+01:00`, or a date alone (midnight UTC). Nil where it is none.
    public init?(rfc3339 text: some StringProtocol) {
        let digits = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= digits.count else { return nil }
            var value = 0
            for digit in digits[range] {
                guard (0x30...0x39).contains(digit) else { return nil }
                value = value * 10 + Int(digit - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), digits[4] == 0x2D,
            digits[7] == 0x2D, (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        let midnight = Int64(Self.daysSince1970(year, month, day)) * 86_400
        guard digits.count > 10 else {
            seconds = midnight
            return
        }
        guard digits[10] | 0x20 == UInt8(ascii: "t"), let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19), digits[13] == 0x3A, digits[16] == 0x3A, hour < 24, minute < 60, second < 61
        else { return nil }
        var at = 19
        if at < digits.count, digits[at] == UInt8(ascii: ".") {
            let fraction = digits[(at + 1)...].prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return nil }
            at = fraction.endIndex
        }
        guard at < digits.count else { return nil }
        var offset = 0
        if digits[at] | 0x20 == UInt8(ascii: "z") {
            at += 1
        } else {
            guard digits[at] == 0x2B || digits[at] == 0x2D, let hours = number(at + 1..<at + 3),
                let minutes = number(at + 4..<at + 6), digits[at + 3] == 0x3A, hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3_600 + minutes * 60) * (digits[at] == 0x2B ? 1 : -1)
            at += 6
        }
        guard at == digits.count else { return nil }
        seconds = midnight + Int64(hour * 3_600 + minute * 60 + second - offset)
    }

    /// Earlier is less.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

    /// The moment so many seconds later.
    public func adding(seconds: Int64) -> Timestamp { Timestamp(seconds: self.seconds + seconds) }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar; the year is counted from March so that the leap day
    /// comes last.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Timestamp: CustomStringConvertible {
    /// `2026-01-31T23:59:59Z`.
    public var description: String {
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let (year, month, dayOfMonth) = Self.civil(Int(day))
        let rest = Int(seconds - day * 86_400)
        var text: [UInt8] = []
        text.reserveCapacity(20)
        func append(_ number: Int, digits: Int, then mark: Unicode.Scalar) {
            var unit = 1
            for _ in 1..<digits { unit *= 10 }
            while number / unit > 9 { unit *= 10 }
            while unit > 0 {
                text.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
                unit /= 10
            }
            text.append(UInt8(ascii: mark))
        }
        if year < 0 { text.append(UInt8(ascii: "-")) }
        append(abs(year), digits: 4, then: "-")
        append(month, digits: 2, then: "-")
        append(dayOfMonth, digits: 2, then: "T")
        append(rest / 3_600, digits: 2, then: ":")
        append(rest / 60 % 60, digits: 2, then: ":")
        append(rest % 60, digits: 2, then: "Z")
        return String(decoding: text, as: UTF8.self)
    }

    private static func civil(_ daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
