// SPDX-License-Identifier: Apache-2.0

public import Observations

/// The policy file (RFC 8461 §3.2) that a broken one should have been, or one that leaves out mail hosts.
///
/// What is sound stays: the mode, `max_age` unless it is too short to help, every `mx`, keys of later standards. Hosts that no
/// `mx` covers are added. Where the mode is not clear it is `testing`: who enforces before every host passes loses mail.
public struct STSPolicyRepair: Hashable, Sendable {
    /// The lines of the file; nil where none comes of it that would be valid, or nobody would want to read it.
    public let lines: [String]?

    /// A week. Weeks or more are expected.
    private static let usualAge = 604_800

    /// Takes the published file, nil where it was not kept whole, what was seen in it, and the domain's mail hosts.
    public init(_ published: [UInt8]?, seen: STSPolicyObservation?, hosts: [DomainName]) {
        let text = published.map(Self.withPlainLines)
        let seen = text.map(STSPolicy.read) ?? seen
        let mode = seen?.mode ?? .testing
        let age = seen?.maxAge.flatMap { $0 > STSPolicy.shortAge || mode == .none ? $0 : nil } ?? Self.usualAge
        var patterns = (seen?.patterns ?? []).firstOfEach(by: \.self)
        if mode != .none {
            let covered = MXPatterns(patterns)
            patterns += hosts.filter { covered.match($0) == .noMatch }.compactMap(Self.pattern).firstOfEach(by: \.self)
        }
        let lines =
            ["version: STSv1", "mode: \(mode.rawValue)"] + patterns.map { "mx: \($0)" } + ["max_age: \(age)"]
            + Self.extensions(of: text ?? [])
        self.lines = Self.isSound(lines, mode, hosts) ? lines : nil
    }

    /// Valid, complete, and of a size that fits a page.
    private static func isSound(_ lines: [String], _ mode: STSPolicyObservation.Mode, _ hosts: [DomainName]) -> Bool {
        let body = Array(lines.joined(separator: "\n").utf8)
        let seen = STSPolicy.read(body)
        return body.count <= PolicyText.limit && seen.mode == mode
            && [.validEnforce, .validTesting, .validNone].contains(seen.outcome)
            && ![.some, .none].contains(STSSummary.matches(hosts, policy: seen).domain)
    }

    /// A line for each end of a line that somebody may have meant, and no empty ones. Keys that were meant come after those
    /// that senders read, since of each the first counts.
    private static func withPlainLines(_ body: [UInt8]) -> [UInt8] {
        let lines = body.split { $0 == 0x0A || $0 == 0x0D }.filter { !$0.trimmingBlanks.isEmpty }
        let meant = lines.map(asMeant)
        let published = lines.indices.filter { meant[$0] == nil }.map { lines[$0] }
        return Array((published + meant.compactMap(\.self)).joined(separator: [0x0A]))
    }

    /// The line with a key of RFC 8461 in the place of one that differs from it in the case of letters, `-`, `_` and blanks,
    /// and with a mode in small letters; nil where it is so already.
    private static func asMeant(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let letters = { (key: ArraySlice<UInt8>) in key.filter { !"-_ \t".utf8.contains($0) }.map(\.lowered) }
        let key = ["version", "mode", "mx", "max_age"].map { Array($0.utf8)[...] }
            .first { letters($0) == letters(line[..<colon]) }
        guard let key else { return nil }
        let value = line[colon...]
        let meant = key + (key.elementsEqual("mode".utf8) ? value.map(\.lowered)[...] : value)
        return meant == line ? nil : meant
    }

    /// How a file names a host: by its name or, where that is no host name, with `*` for its first label.
    private static func pattern(_ host: DomainName) -> String? {
        (MXPattern("\(host)".utf8) ?? host.parent.flatMap { MXPattern("*.\($0)".utf8) })?.text
    }

    /// The sound lines with keys that RFC 8461 does not know.
    private static func extensions(of body: [UInt8]) -> [String] {
        body.split(separator: 0x0A).filter { line in
            let seen = STSPolicy.read(Array("version: STSv1\nmode: none\nmax_age: 0\n".utf8) + line)
            return seen.outcome == .validNone && seen.flags == [.unknownKey]
        }.map { $0.trimmingBlanks.text }
    }
}
