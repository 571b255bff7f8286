// SPDX-License-Identifier: Apache-2.0
public import Observations

/// The hello of each raw profile.
extension ClientHello {
    /// What is sent for a profile; nil for `full`, which is the library's.
    /// - Parameters:
    ///   - suites: instead of the profile's own, for `deepSuites`, which asks several times.
    ///   - groups: the same for `deepGroups`.
    public init?(
        profile: HelloProfile, serverName: DomainName?, seed: Seed, suites: [CipherSuite]? = nil,
        groups: [NamedGroup]? = nil
    ) {
        guard let versions = profile.offeredVersions else { return nil }
        self.init(
            versions: versions, suites: suites ?? Self.suites(of: profile, versions),
            groups: groups ?? Self.groups(of: profile), serverName: serverName, seed: seed)
        if case .deepSuites(let version) = profile { offersCompression = version < .tls13 }
    }

    // Made once: they are the same for every server.
    private static let broad: [ClosedRange<TLSVersion>: [CipherSuite]] = Dictionary(
        uniqueKeysWithValues: [.tls13 ... .tls13, .tls12 ... .tls12, .tls11 ... .tls11, .tls10 ... .tls10]
            .map { ($0, SuiteOffer.broad($0)) } + [(.tls10 ... .tls11, SuiteOffer.broad(.tls10 ... .tls11))])
    private static let ofCurves = SuiteOffer.broad(.tls12 ... .tls13).filter { $0.keyExchange != .other || $0.isTLS13 }

    private static func suites(of profile: HelloProfile, _ versions: ClosedRange<TLSVersion>) -> [CipherSuite] {
        switch profile {
        case .deepGroup(let number):
            let wanted: CipherSuite.KeyExchange = NamedGroup(rawValue: number).isFiniteField ? .dhe : .ecdhe
            return ofCurves.filter { $0.isTLS13 || $0.keyExchange == wanted }
        case .deepGroups: return ofCurves.filter { $0.isTLS13 || $0.keyExchange == .ecdhe }
        case .deepRSA: return SuiteOffer.complete(versions).filter { $0.needsRSACertificate && !$0.isWeak }
        case .deepECDSA: return SuiteOffer.complete(versions).filter { $0.needsECDSACertificate && !$0.isWeak }
        case .deepSSL3, .deepSuites: return Array(SuiteOffer.complete(versions).prefix(SuiteOffer.limit))
        default: return broad[versions] ?? SuiteOffer.broad(versions)
        }
    }

    private static func groups(of profile: HelloProfile) -> [NamedGroup] {
        switch profile {
        case .pq: [.x25519MLKEM768]
        case .deepGroup(let number): [NamedGroup(rawValue: number)]
        default: NamedGroup.usual
        }
    }
}

extension HelloProfile {
    /// The versions that the hello accepts; nil where the library sends it.
    var offeredVersions: ClosedRange<TLSVersion>? {
        switch self {
        case .full: nil
        case .pq: .tls13 ... .tls13
        case .tls12, .deepRSA, .deepECDSA: .tls12 ... .tls12
        case .tls11: .tls11 ... .tls11
        case .tls10: .tls10 ... .tls10
        case .legacy: .tls10 ... .tls11
        case .deepSSL3: .ssl3 ... .ssl3
        case .deepGroup, .deepGroups: .tls12 ... .tls13
        case .deepSuites(let version): version...version
        }
    }
}
