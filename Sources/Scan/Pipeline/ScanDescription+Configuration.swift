// SPDX-License-Identifier: Apache-2.0
import DNS
import Lists
import Observations
public import Store
public import TLS

extension ScanDescription {
    /// What is written about a scan when it begins. Its digest covers what decides whom the scan asks and how it judges,
    /// not how fast or how patient it is: a scan may be resumed at another pace. A dry run is another scan than the one
    /// that it comes before, and both are conducted in the same way.
    public init(
        _ configuration: SurveyConfiguration, lists: ListIdentity, roots: TrustStore, toolVersion: String,
        isDryRun: Bool = false
    ) {
        let mode = configuration.lookups.mode
        let conduct = Self.conduct(configuration)
        let decisive =
            conduct + [
                "previous \(configuration.carriesPoliciesOver)",
                "lists \(lists.distinction)", "anchors \(configuration.lookups.anchors)",
                "time \(configuration.lookups.validationTime?.description ?? "")", "roots \(roots.sha256)",
                // Under RFC 9989 the list decides nothing.
                "suffixes \(configuration.dmarcRules == .rfc7489 ? PublicSuffixList.provenance.sha1 : "")",
            ] + (isDryRun ? ["dry run"] : [])
        self.init(
            startedAt: .now, toolVersion: toolVersion, configSHA256: Self.digest(decisive),
            dnssecMode: DNSSECMode(rawValue: mode.rawValue) ?? .off)
        self.isDryRun = isDryRun
        conductSHA256 = Self.digest(
            conduct + ["contact \(configuration.contact ?? "")", "page \(configuration.infoURL ?? "")"])
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

    /// What those who are surveyed notice of the configuration, whatever the lists are.
    private static func conduct(_ configuration: SurveyConfiguration) -> [String] {
        [
            "dnssec \(configuration.lookups.mode.rawValue) sha1 \(configuration.lookups.sha1.rawValue)",
            "ports \(configuration.ports)",
            "implicit TLS \(configuration.ports.filter(configuration.probe.implicitTLSPorts.contains))",
            "families \(configuration.families.map(\.rawValue).sorted())", "ehlo \(configuration.probe.ehloName)",
            "lab \(configuration.isLab)", "deep \(configuration.deepShare)",
            "inference \(configuration.allowsInference)", "dmarc \(configuration.dmarcRules)",
            "https \(configuration.policyFetch.port)",
        ]
    }

    private static func digest(_ lines: [String]) -> String {
        ChainDigest.sha256(of: Array(lines.joined(separator: "\n").utf8))
    }
}
