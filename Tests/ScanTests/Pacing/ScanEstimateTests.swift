// SPDX-License-Identifier: Apache-2.0
import Store
import Testing

@testable import Scan

@Suite struct ScanEstimateTests {
    @Test func aMillionPopularDomainsTakeHoursAndTheWholeRateIsWhatLimits() {
        let plan = ScanEstimate(
            domains: 1_000_000, like: .init(domains: 100, hosts: 37, endpoints: 48, addresses: 30), at: .default)
        #expect(plan.hosts == 370_000 && plan.endpoints == 480_000)
        #expect(plan.connections == 1_920_000)
        #expect(plan.questions == 2_000_000 + 1_295_000)
        #expect(plan.bottleneck == .global && plan.seconds == 9_600)
    }

    @Test func oneLargeAddressLastsLongerThanAllTheRest() {
        var pace = Pace.default
        pace[.address].perScan = nil
        let shape = SurveyShape(
            domains: 10_000, hosts: 2_000, endpoints: 2_000, addresses: 1_000,
            largestAddresses: [.init(name: "192.0.2.1", count: 1_000)])
        let plan = ScanEstimate(domains: 10_000, like: shape, at: pace)
        #expect(plan.bottleneck == .address && plan.seconds == 6_000)
        let budgeted = ScanEstimate(domains: 10_000, like: shape, at: .default)
        #expect(budgeted.connections == 8_000 && budgeted.bottleneck == .address && budgeted.seconds == 60)
    }

    @Test func anEmptyListSendsNothing() {
        let plan = ScanEstimate(domains: 0, like: ScanEstimate.popular, at: .default)
        #expect(plan.connections == 0 && plan.questions == 0)
    }
}
