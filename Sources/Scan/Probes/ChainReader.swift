// SPDX-License-Identifier: Apache-2.0
import Observations
import SMTP
import Store
import TLS

/// Turns the chains of a visit into facts. Most chains are shown by many endpoints, so what was read is remembered by
/// digest, for as many as fit.
@NetworkLoop
final class ChainReader {
    private var known: [String: PresentedChain] = [:]
    private static let capacity = 4_096

    /// The visit as the store takes it.
    func result(of seen: EndpointObservation) -> EndpointResult {
        let full = seen.probes.first { $0.profile == .full }
        return EndpointResult(
            observation: seen, software: seen.banner.flatMap(BannerSoftware.name(in:)), chains: chains(of: seen.probes),
            wantsHellos: !HelloPlan.profiles(after: full).isEmpty)
    }

    /// The chain of each probe that was shown one.
    func chains(of probes: [TLSProbeObservation]) -> [HelloProfile: PresentedChain] {
        var chains: [HelloProfile: PresentedChain] = [:]
        for probe in probes where !probe.chain.isEmpty { chains[probe.profile] = chain(probe.chain) }
        return chains
    }

    private func chain(_ certificates: [[UInt8]]) -> PresentedChain {
        let digest = ChainDigest.sha256(ofChain: certificates)
        if let known = known[digest] { return known }
        let chain = PresentedChain(sha256: digest, certificates: certificates.map(facts))
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[digest] = chain
        return chain
    }

    /// What is no certificate is kept all the same, under its digest: the verdict is `parse_error`.
    private func facts(of der: [UInt8]) -> CertificateFacts {
        CertificateReader.read(der) ?? CertificateFacts(sha256: ChainDigest.sha256(of: der), spkiSHA256: "")
    }
}
