// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// Turns a presented chain into what DANE is judged by (RFC 7671 §5). The library computes digests and checks who signed
/// whom; which record matches, which names and dates are good, is judged elsewhere.
public enum DANEChain {
    /// The facts of a chain that TLSA records of its host are compared with.
    ///
    /// - Parameters:
    ///   - chain: DER as presented, the host's certificate first.
    ///   - records: the TLSA RRset; paths are looked for to what its DANE-TA records are about.
    ///   - known: certificates of authorities that the server may have forgotten to send.
    /// - Throws: only when the library is out of memory.
    public static func facts(
        chain: [[UInt8]], records: [TLSARecord], known: KnownAuthorities = .none
    ) throws(TLSLibraryError) -> DANEChainFacts {
        guard let der = chain.first, let leaf = ParsedCertificate(der: der), let said = CertificateReader.read(der)
        else { return DANEChainFacts(certificates: []) }
        let others = chain.dropFirst().compactMap { ParsedCertificate(der: $0) }
        let sent = [leaf] + others
        var facts = DANEChainFacts(
            certificates: sent.map(\.comparable), dnsNames: said.sanDNS, commonName: said.subjectCN)
        for record in records where record.namesTrustAnchor {
            let places = facts.certificates.indices.filter {
                // The host's own certificate, sent once more, is no anchor above itself.
                $0 > 0 && facts.certificates[$0].matches(record) && facts.certificates[$0] != facts.certificates[0]
            }
            for place in places {
                let path = try AnchorVerification(leaf: leaf, untrusted: others, anchor: sent[place]).run()
                add(.sent(position: place), path, to: &facts)
            }
            guard places.isEmpty else { continue }
            if record.isGivenInFull {
                try addGiven(record, leaf: leaf, others: others, to: &facts)
            } else if let anchor = known.certificate(matching: record), anchor.sha256 != said.sha256 {
                let untrusted = others + known.certificates
                let path = try AnchorVerification(leaf: leaf, untrusted: untrusted, anchor: anchor).run()
                guard !path.links.isEmpty else { continue }
                add(.missing(anchor.comparable), path, to: &facts)
            }
        }
        return facts
    }

    /// An anchor that the record gives in full: a certificate, or a bare key, which has no name, so that its signatures
    /// alone say whom it has issued.
    private static func addGiven(
        _ record: TLSARecord, leaf: ParsedCertificate, others: [ParsedCertificate], to facts: inout DANEChainFacts
    ) throws(TLSLibraryError) {
        let anchor = DANEChainFacts.Anchor.given(selector: record.selector, data: record.associationData)
        if record.selector == 0 {
            guard let certificate = ParsedCertificate(der: record.associationData), certificate.sha256 != leaf.sha256
            else { return }
            let path = try AnchorVerification(leaf: leaf, untrusted: others, anchor: certificate).run()
            if !path.links.isEmpty { add(anchor, path, to: &facts) }
            return
        }
        guard let key = AnchorKey(der: record.associationData) else { return }
        for certificate in [leaf] + others where key.signed(certificate) {
            let path = try AnchorVerification(leaf: leaf, untrusted: others, anchor: certificate).run()
            if !path.links.isEmpty { add(anchor, path, to: &facts) }
        }
    }

    private static func add(
        _ anchor: DANEChainFacts.Anchor, _ path: (links: [ChainFacts.Link], findings: [ChainFacts.Finding]),
        to facts: inout DANEChainFacts
    ) {
        let path = DANEChainFacts.AnchorPath(anchor: anchor, links: path.links, findings: path.findings)
        if !facts.anchorPaths.contains(path) { facts.anchorPaths.append(path) }
    }
}

extension TLSARecord {
    /// The same record, `unparsable` where it gives data in full that are no certificate or no public key. A key of an
    /// algorithm that the library does not know is a key all the same.
    public func readingFullData() -> TLSARecord {
        guard usability == .usable, isGivenInFull else { return self }
        let isReadable =
            selector == 0 ? ParsedCertificate(der: associationData) != nil : AnchorKey.isPublicKey(associationData)
        return TLSARecord(
            certificateUsage: certificateUsage, selector: selector, matchingType: matchingType,
            associationData: associationData, isFullDataReadable: isReadable)
    }
}
