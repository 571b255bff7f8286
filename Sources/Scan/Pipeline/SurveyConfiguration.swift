// SPDX-License-Identifier: Apache-2.0
public import DNS
public import Lists
public import Logging
public import Observations

/// Everything that decides how DNS is asked.
public struct LookupConfiguration: Sendable {
    /// Recursive resolvers, asked in turn.
    public var servers: [DNSServer]
    /// Where trust begins.
    public var anchors: [TrustAnchor]
    /// Who validates.
    public var mode: DNSSECMode = .validate
    /// What to believe of zones whose only signatures are over SHA-1.
    public var sha1: SHA1Policy = .validate
    /// The moment for which signatures are judged; nil means now.
    public var validationTime: Timestamp?
    /// Questions a second to each resolver; 0 for no limit.
    public var queriesPerSecond = 1_000
    /// Milliseconds that a question waits for resolvers that have died to come back.
    public var patience: Int64 = 30_000
    /// Milliseconds that a failure is remembered at first (RFC 9520 §3.2).
    public var failureLifetime: Int64 = 5_000

    /// A configuration with the defaults of a scan of the internet.
    public init(servers: [DNSServer], anchors: [TrustAnchor]) {
        self.servers = servers
        self.anchors = anchors
    }
}

/// Everything that decides what a survey asks, of whom, and how fast.
public struct SurveyConfiguration: Sendable {
    /// How DNS is asked.
    public var lookups: LookupConfiguration
    /// PEM file of the trusted roots.
    public var caFile: String
    /// TCP ports to probe.
    public var ports: [Int] = [25]
    /// Address families to use.
    public var families: Set<IPAddress.Family> = [.v4, .v6]
    /// Patience and EHLO name of the probes.
    public var probe: ProbeSettings
    /// How policy files are asked for.
    public var policyFetch = PolicyFetchSettings()
    /// Whether policy files that an earlier survey knows are left alone (`PreviousPolicies`).
    public var carriesPoliciesOver = false
    /// The address for complaints, kept with the scan.
    public var contact: String?
    /// The page that explains the survey, kept with the scan.
    public var infoURL: String?
    /// Whom not to ask.
    public var optOut = OptOutList()
    /// By whose rules DMARC records are found and read.
    public var dmarcRules = DMARCRuleSet.rfc9989
    /// The file that the opt-outs were read from, which is looked at again while the survey runs.
    public var optOutFile: String?
    /// Whose network an address lies in, where tables of that are given.
    public var tables = AddressTables()
    /// Whether special-use addresses may be contacted.
    public var isLab = false
    /// How hard anybody may be pressed.
    public var pace = Pace.default
    /// The share of addresses that are asked everything there is to ask (`--deep`): 0 to 1.
    public var deepShare = 0.0
    /// Whether a handshake may stand for that of another name at the same address.
    public var allowsInference = true

    /// Mail servers of our own that show whether what is seen is the world.
    public var canaries: [Canary] = []
    /// Milliseconds between two looks at the canaries.
    public var canaryInterval: Int64 = 60_000
    /// Where it is told what happens, for those who run the survey; by default nowhere.
    public var log = Logger(label: "mxcensus") { _ in SwiftLogNoOpLogHandler() }

    /// The port that hosts and domains are judged by: 25 or, where the survey leaves it out, the lowest.
    var mailPort: Int { ports.contains(25) ? 25 : ports.min() ?? 25 }
    /// Connections open at once.
    var maximumConnections: Int { pace[.global].concurrent ?? 500 }
    /// Look-ups in flight at once.
    var maximumLookups: Int { pace[.resolver].concurrent ?? 200 }

    /// A configuration with the defaults of a scan of the internet.
    public init(lookups: LookupConfiguration, caFile: String, probe: ProbeSettings) {
        self.lookups = lookups
        self.caFile = caFile
        self.probe = probe
    }
}
