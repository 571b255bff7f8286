// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

@Suite struct OutageWatchTests {
    private func visit(_ ip: String, _ tcp: TCPOutcome) throws -> EndpointObservation {
        let address = try #require(IPAddress(ip))
        var seen = EndpointObservation(
            endpoint: Endpoint(host: try DomainName("mx.example"), address: address, port: 25),
            at: Timestamp(seconds: 0))
        seen.tcp = tcp
        return seen
    }

    /// A watch that has seen somebody, and then so many networks out of reach.
    private func watch(after failures: Int, _ tcp: TCPOutcome = .netUnreachable, scale: Double = 1) throws
        -> OutageWatch
    {
        var watch = OutageWatch(scale: scale)
        #expect(watch.take(try visit("192.0.2.1", .open), at: 0) == nil)
        for number in 0..<failures { #expect(watch.take(try visit("10.0.\(number).1", tcp), at: 0) == nil) }
        return watch
    }

    @Test(arguments: [TCPOutcome.netUnreachable, .hostUnreachable, .localResource])
    func severalNetworksInARowAreOurOwn(tcp: TCPOutcome) throws {
        var watch = try watch(after: 9, tcp)
        #expect(watch.take(try visit("10.0.8.77", tcp), at: 0) == nil, "a network that is known already")
        #expect(watch.take(try visit("10.0.9.1", tcp), at: 0) == 10)
    }

    @Test func whoIsReachedInBetweenShowsThatTheNetworkIsThere() throws {
        for tcp in [TCPOutcome.open, .refused, .reset, .adminProhibited] {
            var watch = try watch(after: 9)
            #expect(watch.take(try visit("192.0.2.9", tcp), at: 0) == nil)
            #expect(watch.take(try visit("10.0.9.1", .netUnreachable), at: 0) == nil)
        }
    }

    @Test func silenceIsNoSign() throws {
        var watch = try watch(after: 9)
        for number in 0..<50 { #expect(watch.take(try visit("10.1.\(number).1", .timeout), at: 0) == nil) }
        #expect(watch.take(try visit("10.0.9.1", .netUnreachable), at: 0) == 10)
    }

    /// A machine without IPv6 visits nobody over it, whatever it does over IPv4.
    @Test func aFamilyThatNeverWorkedIsNoOutage() throws {
        var watch = try watch(after: 0)
        for number in 0..<50 {
            #expect(watch.take(try visit("2001:db8:\(number)::1", .netUnreachable), at: 0) == nil)
        }
        #expect(watch.pauses == 0)
    }

    /// Whatever was under way fails in the first pause; behind it one failure is enough for the next, which is longer.
    @Test func pausesGrowUntilSomebodyIsReached() throws {
        var watch = try watch(after: 9)
        var now: Int64 = 0
        var pauses: [Int64] = []
        while let pause = watch.take(try visit("10.9.9.1", .netUnreachable), at: now) {
            pauses.append(pause)
            #expect(watch.take(try visit("10.9.8.1", .hostUnreachable), at: now + 3) == pause - 3)
            now += pause
        }
        #expect(pauses == [10, 20, 40, 80, 160, 300, 300, 300, 300, 300], "and then the word is taken as it is")
        #expect(watch.take(try visit("192.0.2.1", .refused), at: now) == nil)
        for number in 0..<9 { #expect(watch.take(try visit("10.0.\(number).1", .netUnreachable), at: now) == nil) }
        #expect(watch.take(try visit("10.0.9.1", .netUnreachable), at: now) == 10)
    }

    @Test func theScaleIsThatOfTheRetries() throws {
        var short = try watch(after: 9, scale: 0.5)
        #expect(short.take(try visit("10.0.9.1", .netUnreachable), at: 0) == 5)
        var none = try watch(after: 9, scale: 0)
        #expect(none.take(try visit("10.0.9.1", .netUnreachable), at: 0) == nil)
    }
}
