// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// What a chain would come to if its server had also sent what others send.
///
/// The library follows one certificate of each name and does not turn back: an authority's certificate below a root that
/// nobody knows would hide its twin below one that everybody trusts, and a stranger of the same name would hide both. So
/// each way is walked apart, and only over keys that have signed what stands below them.
extension ChainVerifier {
    /// So many signatures are checked for one chain at most.
    static let completionLimit = 256

    /// The facts of a chain that ends before a root, along each way on which certificates of the pool lead it further;
    /// none where nothing is missing, or where what is missing has not been seen.
    ///
    /// - Parameters:
    ///   - facts: the chain's facts without help, from the same roots and moment.
    ///   - chain: DER as presented, the host's certificate first.
    /// - Throws: only when the library is out of memory.
    public static func completions(
        of facts: ChainFacts, chain: [[UInt8]], with pool: IntermediatePool, store: TrustStore, at moment: Timestamp
    ) throws(TLSLibraryError) -> [ChainFacts] {
        // A path that ends in the store itself is not for others to lengthen.
        guard facts.anchor == nil, let end = facts.path.last?.sha256,
            let top = chain.lazy.compactMap({ ParsedCertificate(der: $0) }).first(where: { $0.sha256 == end })
        else { return [] }
        var completions: [ChainFacts] = []
        var allowance = SignatureAllowance(limit: completionLimit)
        var ways: [[ParsedCertificate]] = [[]]
        var next = 0
        while next < ways.count {
            let way = ways[next]
            next += 1
            for issuer in pool.namesakes(ofIssuer: way.last ?? top) where !way.contains(where: { $0 === issuer }) {
                guard allowance.allows(1) else { return completions }
                allowance.charge(1)
                guard issuer.hasSigned(way.last ?? top) else { continue }
                let longer = way + [issuer]
                let helped = try Self.facts(chain: chain, helpedBy: longer, store: store, at: moment)
                allowance.charge(helped.path.count)
                completions.append(helped)
                ways.append(longer)
            }
        }
        return completions
    }
}

extension ParsedCertificate {
    fileprivate func hasSigned(_ certificate: ParsedCertificate) -> Bool {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard let key = X509_get0_pubkey(handle) else { return false }
        return X509_verify(certificate.handle, key) == 1
    }
}
