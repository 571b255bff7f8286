// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations
import Testing

@testable import Store

/// Values for tests, short to write.
enum Sample {
    static let began = Timestamp(seconds: 1_790_000_000)

    static func description(_ config: String = "c0ffee00aa") -> ScanDescription {
        ScanDescription(startedAt: began, toolVersion: "0.1", configSHA256: config, dnssecMode: .validate)
    }

    static func name(_ text: String) throws -> DomainName { try DomainName(text) }

    static func endpoint(_ host: String, _ ip: String = "192.0.2.1") throws -> Endpoint {
        Endpoint(host: try DomainName(host), address: try #require(IPAddress(ip)), port: 25)
    }

    static func domain(
        _ domain: String, _ shape: MXShape = .explicit, _ hosts: [(Int, String)] = [],
        outcome: DNSOutcome = .noerrorData, security: Security = .insecure
    ) throws -> DomainResult {
        let exchanges = try hosts.map { MailExchange(preference: $0.0, host: try DomainName($0.1)) }
        let status = LookupStatus(outcome: outcome, security: security, rcode: outcome == .timeout ? nil : 0)
        return DomainResult(
            domain: try DomainName(domain), route: MailRoute(status: status, shape: shape, exchanges: exchanges),
            measuredAt: began)
    }

    static func host(
        _ host: String, _ ips: [String] = ["192.0.2.1"], v6: AddressOutcome = .nodata, security: Security = .insecure
    ) throws -> HostResult {
        let name = try DomainName(host)
        let endpoints = try ips.map { try endpoint(host, $0) }
        func set(_ outcome: AddressOutcome, _ addresses: [IPAddress]) -> AddressSet {
            AddressSet(
                outcome: outcome, security: security, addresses: addresses,
                status: LookupStatus(outcome: .noerrorData, security: security))
        }
        return HostResult(
            addresses: MailHostAddresses(
                host: name, expandedName: name, v4: set(.resolved, endpoints.map(\.address)), v6: set(v6, [])),
            endpoints: endpoints, measuredAt: began)
    }

    /// A host that offers STARTTLS and completes the handshake with a chain of `names`' first letters.
    static func secured(_ endpoint: Endpoint, _ version: TLSVersion = .tls13, chain: [String]) -> EndpointResult {
        var seen = EndpointObservation(endpoint: endpoint, at: began)
        seen.tcp = .open
        seen.greeting = .ready
        seen.greetingCode = 220
        seen.ehlo = .ok
        seen.ehloCode = 250
        seen.extensions = ["PIPELINING", "STARTTLS"]
        seen.starttls = .offered
        seen.starttlsCode = 220
        seen.tls = .ok
        seen.extensionsInTLS = ["PIPELINING", "SIZE 1000", "REQUIRETLS"]
        seen.connectionsUsed = 1
        var probe = TLSProbeObservation(profile: .full, serverName: endpoint.host, outcome: .ok)
        probe.version = version
        probe.chain = chain.map { Array($0.utf8) }
        seen.probes = [probe]
        let facts = chain.map { CertificateFacts(sha256: "sha-\($0)", spkiSHA256: "spki-\($0)") }
        return EndpointResult(
            observation: seen,
            chains: [.full: PresentedChain(sha256: chain.joined(separator: "+"), certificates: facts)])
    }

    static func failed(_ endpoint: Endpoint, _ tcp: TCPOutcome) -> EndpointResult {
        var seen = EndpointObservation(endpoint: endpoint, at: began)
        seen.tcp = tcp
        return EndpointResult(observation: seen)
    }

    static func plain(_ endpoint: Endpoint) -> EndpointResult {
        var seen = EndpointObservation(endpoint: endpoint, at: began)
        seen.tcp = .open
        seen.greeting = .ready
        seen.ehlo = .ok
        seen.starttls = .notOffered
        return EndpointResult(observation: seen)
    }
}

/// A folder that is gone when the test ends.
final class ScratchFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "mxcensus-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func file(_ name: String) -> String { path + "/" + name }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension SurveyStore {
    /// All rows of a query as text, cells joined by `|`.
    func rows(_ sql: String) throws -> [String] {
        try read { db in
            try Row.fetchAll(db, sql: sql).map { row in
                row.databaseValues.map { $0.isNull ? "NULL" : "\($0.storage.value ?? "")" }.joined(separator: "|")
            }
        }
    }
}
