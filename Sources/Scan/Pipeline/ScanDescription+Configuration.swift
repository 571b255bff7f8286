// SPDX-License-Identifier: Apache-2.0
import DNS
import Lists
import Observations
public import Store
public import TLS

extension ScanDescription {
    /// What is written about a scan when it begins. Its digest covers what decides whom the scan asks and how it judges,
    /// not how fast or how patient it is: a scan may be resumed at another pace.
    public init(_ configuration: SurveyConfiguration, lists: ListIdentity, roots: TrustStore, toolVersion: String) {
        let mode = configuration.lookups.mode
        let decisive = [
            "lists \(lists.distinction)", "dnssec \(mode.rawValue) sha1 \(configuration.lookups.sha1.rawValue)",
            "anchors \(configuration.lookups.anchors)",
            "time \(configuration.lookups.validationTime?.description ?? "")",
            "roots \(roots.sha256)", "ports \(configuration.ports)",
            "implicit TLS \(configuration.ports.filter(configuration.probe.implicitTLSPorts.contains))",
            "families \(configuration.families.map(\.rawValue).sorted())", "ehlo \(configuration.probe.ehloName)",
            "lab \(configuration.isLab)", "deep \(configuration.deepShare)",
            "inference \(configuration.allowsInference)",
            "dmarc \(configuration.dmarcRules)", "https \(configuration.policyFetch.port)",
            "previous \(configuration.carriesPoliciesOver)",
            // Under RFC 9989 the list decides nothing.
            "suffixes \(configuration.dmarcRules == .rfc7489 ? PublicSuffixList.provenance.sha1 : "")",
        ]
        self.init(
            startedAt: .now, toolVersion: toolVersion,
            configSHA256: ChainDigest.sha256(of: Array(decisive.joined(separator: "\n").utf8)),
            dnssecMode: DNSSECMode(rawValue: mode.rawValue) ?? .off)
        ehloName = "\(configuration.probe.ehloName)"
        contact = configuration.contact
        infoURL = configuration.infoURL
        listName = lists.name
        listSHA256 = lists.sha256
        rootStore = roots.name.split(separator: "/").last.map(String.init)
        rootStoreSHA256 = roots.sha256
        opensslVersion = TLSContext.libraryVersion
        ldnsVersion = LibraryVersion.ldns
    }
}
