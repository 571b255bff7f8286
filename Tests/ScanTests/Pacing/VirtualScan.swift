// SPDX-License-Identifier: Apache-2.0
import Observations

@testable import Scan

/// A scan in virtual time: work that lasts as long as it is told, and a judge of its own who writes down every beginning
/// and every end, and counts from that alone.
struct VirtualScan {
    struct Span {
        var begun: Int64
        var ended: Int64
    }

    let pace: Pace
    var pacer: Pacer<Int>
    let keys: (Int) -> [PaceKey]
    let duration: (Int) -> Int64
    private(set) var spans: [PaceKey: [Span]] = [:]
    private(set) var begun: [Int] = []
    private(set) var exhausted: [Int] = []
    private(set) var now: Int64 = 0
    private(set) var mostKeys = 0
    private(set) var mostWaiting = 0
    private(set) var decisions = 0
    private(set) var putBacks = 0
    private var later = TimeHeap()

    init(
        _ pace: Pace, window: Int = 8_192, keys: @escaping (Int) -> [PaceKey], duration: @escaping (Int) -> Int64
    ) {
        self.pace = pace
        pacer = Pacer(pace, window: window)
        self.keys = keys
        self.duration = duration
    }

    /// Runs all of `work`, or until `limit`; what is put back comes again when it was told to.
    mutating func run(_ work: Range<Int>, until limit: Int64 = .max) {
        var fresh = work.lowerBound
        var ends = TimeHeap()
        var tickets: [Int: Pacer<Int>.Ticket] = [:]
        while now < limit {
            while let item = ends.pop(dueAt: now) {
                if let ticket = tickets.removeValue(forKey: item) { pacer.finish(ticket, at: now) }
            }
            while pacer.hasRoom, let item = later.pop(dueAt: now) ?? (fresh < work.upperBound ? fresh : nil) {
                if item == fresh { fresh += 1 }
                // What the pacer has forgotten the database knows.
                let spent = keys(item).map { ($0.scope, spans[$0]?.count ?? 0) }
                pacer.add(item, keys: keys(item), spent: Dictionary(uniqueKeysWithValues: spent), at: now)
            }
            mostKeys = max(mostKeys, pacer.rememberedKeys)
            mostWaiting = max(mostWaiting, pacer.waiting)
            decisions += 1
            switch pacer.next(at: now) {
            case .begin(let item, let ticket):
                begun.append(item)
                tickets[item] = ticket
                let end = now + duration(item)
                ends.insert(item, at: end)
                for key in keys(item) { spans[key, default: []].append(Span(begun: now, ended: end)) }
            case .putBack(let item, let moment):
                putBacks += 1
                later.insert(item, at: moment)
            case .exhausted(let item): exhausted.append(item)
            case .wait(let moment):
                // What is put back comes again when there is room for it, which is when something has ended.
                var times: [Int64?] = [moment, ends.first]
                if pacer.hasRoom { times.append(later.first) }
                guard let next = times.compactMap({ $0 }).min() else { return }
                now = max(now, next)
            }
        }
    }

    /// Every budget that was exceeded, counted from the beginnings and ends alone.
    func violations() -> [String] {
        spans.flatMap { key, spans -> [String] in
            let limit: PaceLimit = pace[key.scope]
            let begun: [Int64] = spans.map(\.begun).sorted()
            var found: [String] = []
            if let spacing = limit.spacing {
                let gaps: [Int64] = zip(begun, begun.dropFirst()).map { $1 - $0 }
                let least = gaps.min() ?? .max
                if Double(least) < spacing * 1_000_000 { found.append("\(key): \(least) us between two") }
            }
            if let perSecond = limit.perSecond {
                var first = 0
                for (last, moment) in begun.enumerated() {
                    while begun[first] <= moment - 1_000_000 { first += 1 }
                    if last - first + 1 > perSecond { found.append("\(key): \(last - first + 1) in a second") }
                }
            }
            if let perScan = limit.perScan, begun.count > perScan { found.append("\(key): \(begun.count) in all") }
            if let concurrent = limit.concurrent {
                let most = Self.mostAtOnce(spans)
                if most > concurrent { found.append("\(key): \(most) at once") }
            }
            return found
        }
    }

    static func mostAtOnce(_ spans: [Span]) -> Int {
        // An end at the moment of a beginning comes first.
        var ends = spans.map(\.ended).sorted()[...]
        var open = 0
        var most = 0
        for moment in spans.map(\.begun).sorted() {
            while let end = ends.first, end <= moment {
                ends.removeFirst()
                open -= 1
            }
            open += 1
            most = max(most, open)
        }
        return most
    }
}
