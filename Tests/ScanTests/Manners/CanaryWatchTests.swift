// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@testable import Scan

@Suite @NetworkLoop struct CanaryWatchTests {
    /// Canaries whose next looks are told beforehand; a well one has completed a handshake.
    @NetworkLoop
    private final class Flock {
        var looks: [TLSOutcome]
        var lookUps = 0
        var tcp = TCPOutcome.open

        init(_ looks: [TLSOutcome]) {
            self.looks = looks
        }

        func watch(_ count: Int = 1) throws -> CanaryWatch {
            let canaries = try (0..<count).map {
                Canary(place: .name(try DomainName("canary\($0).example")), port: 25)
            }
            let address = try #require(IPAddress("192.0.2.1"))
            return CanaryWatch(canaries) { [self] canary in
                lookUps += 1
                guard case .name(let name) = canary.place else { return [] }
                return [Endpoint(host: name, address: address, port: canary.port)]
            } visit: { [self] endpoint in
                var seen = EndpointObservation(endpoint: endpoint, at: .now)
                seen.tls = looks.removeFirst()
                seen.tcp = seen.tls == .notReached ? tcp : .open
                return seen
            }
        }
    }

    @Test func whoIsWellIsLookedAtAgainAndNotLookedUpAgain() async throws {
        let flock = Flock([.ok, .ok])
        let watch = try flock.watch()
        #expect(await watch.areWell())
        #expect(await watch.areWell())
        #expect(flock.lookUps == 1 && watch.failure == nil)
    }

    @Test func oneLostPacketIsNoFailure() async throws {
        let flock = Flock([.notReached, .ok])
        #expect(try await flock.watch().areWell())
        #expect(flock.looks.isEmpty)
    }

    @Test func twiceNotWellIsAFailureThatStands() async throws {
        let flock = Flock([.ok, .ok, .ok, .notReached, .notReached])
        flock.tcp = .timeout
        let watch = try flock.watch(2)
        #expect(await watch.areWell())
        #expect(await !watch.areWell())
        #expect(await !watch.areWell(), "nobody is asked any more")
        #expect(
            watch.failure?.description == "the canary canary1.example:25 is not well: at 192.0.2.1 connection timeout")
    }

    @Test func nothingIsBelievedFromTheLastGoodLookOn() async throws {
        let flock = Flock([.ok, .notReached, .notReached])
        let watch = try flock.watch()
        let earlier = Timestamp(seconds: 1_000)
        #expect(
            watch.doubtfulSince(earlier) == earlier, "what an earlier run noted down, as long as there is nothing else")
        let before = Timestamp.now
        #expect(await watch.areWell())
        #expect(await !watch.areWell())
        let since = try #require(watch.doubtfulSince(earlier))
        #expect(since.seconds >= before.seconds - 1 && since <= .now)
    }
}
