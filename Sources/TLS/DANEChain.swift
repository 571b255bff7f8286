// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import Observations

/// Turns a presented chain into what DANE is judged by (RFC 7671 §5). The library computes digests and checks who signed
/// whom; which record matches, which names and dates are good, is judged elsewhere.
public enum DANEChain {
    /// So many signatures are checked for one chain at most; what is left unchecked makes its facts incomplete.
    public static let signatureLimit = 256

    /// The facts of a chain that TLSA records of its host are compared with.
    ///
    /// - Parameters:
    ///   - chain: DER as presented, the host's certificate first.
    ///   - records: the TLSA RRset; paths are looked for to what its DANE-TA records are about.
    ///   - known: certificates of authorities that the server may have forgotten to send.
    ///   - limit: how many signatures may be checked.
    /// - Throws: only when the library is out of memory.
    public static func facts(
        chain: [[UInt8]], records: [TLSARecord], known: KnownAuthorities = .none, limit: Int = signatureLimit
    ) throws(TLSLibraryError) -> DANEChainFacts {
        guard let der = chain.first, let leaf = ParsedCertificate(der: der), let said = CertificateReader.read(der)
        else { return DANEChainFacts(certificates: []) }
        let others = chain.dropFirst().compactMap { ParsedCertificate(der: $0) }
        let seen = DANEChainFacts(
            certificates: ([leaf] + others).map(\.comparable), dnsNames: said.sanDNS, commonNames: said.hostCNs)
        var search = AnchorSearch(leaf: leaf, others: others, facts: seen, allowance: SignatureAllowance(limit: limit))
        for record in records where record.namesTrustAnchor { try search.follow(record, known: known) }
        return search.facts
    }
}

/// Looks for the paths from one host's certificate to whatever its records name.
private struct AnchorSearch {
    private let leaf: ParsedCertificate
    private let others: [ParsedCertificate]
    private var found: DANEChainFacts
    private var allowance: SignatureAllowance
    /// By their digests: several records may be about one certificate, and it may be sent several times.
    private var tried: Set<String> = []

    init(
        leaf: ParsedCertificate, others: [ParsedCertificate], facts: DANEChainFacts, allowance: SignatureAllowance
    ) {
        self.leaf = leaf
        self.others = others
        found = facts
        self.allowance = allowance
    }

    /// The chain with the paths that were found, and what they cost.
    var facts: DANEChainFacts {
        var facts = found
        facts.signatureChecks = allowance.used
        facts.isIncomplete = allowance.isExceeded
        return facts
    }

    mutating func follow(_ record: TLSARecord, known: KnownAuthorities) throws(TLSLibraryError) {
        // The host's own certificate, sent once more, is no anchor above itself.
        let places = found.certificates.indices.filter {
            $0 > 0 && found.certificates[$0].matches(record) && found.certificates[$0] != found.certificates[0]
        }
        for place in places where tried.insert(others[place - 1].sha256).inserted {
            add(.sent(position: place), try path(to: others[place - 1], untrusted: others))
        }
        guard places.isEmpty else { return }
        if record.isGivenInFull {
            try follow(given: record)
        } else if let anchor = known.certificate(matching: record), anchor.sha256 != leaf.sha256,
            tried.insert(anchor.sha256).inserted
        {
            let path = try path(to: anchor, untrusted: others + known.certificates)
            if !path.links.isEmpty { add(.missing(anchor.comparable), path) }
        }
    }

    /// An anchor that the record gives in full: a certificate, or a bare key, which has no name, so that its signatures
    /// alone say whom it has issued.
    private mutating func follow(given record: TLSARecord) throws(TLSLibraryError) {
        let anchor = DANEChainFacts.Anchor.given(selector: record.selector, data: record.associationData)
        if record.selector == 0 {
            guard let certificate = ParsedCertificate(der: record.associationData), certificate.sha256 != leaf.sha256
            else { return }
            let path = try path(to: certificate, untrusted: others)
            if !path.links.isEmpty { add(anchor, path) }
            return
        }
        guard let key = AnchorKey(der: record.associationData) else { return }
        for certificate in [leaf] + others {
            guard allowance.allows(1) else { return }
            allowance.charge(1)
            guard key.signed(certificate) else { continue }
            let path = try path(to: certificate, untrusted: others)
            if !path.links.isEmpty { add(anchor, path) }
        }
    }

    /// No path where the allowance might not reach to its end.
    private mutating func path(
        to anchor: ParsedCertificate, untrusted: [ParsedCertificate]
    ) throws(TLSLibraryError) -> AnchorVerification.Path {
        let longest = min(untrusted.count + 2, AnchorVerification.longestPath)
        guard allowance.allows(longest) else { return AnchorVerification.Path() }
        let path = try AnchorVerification(leaf: leaf, untrusted: untrusted, anchor: anchor).run()
        allowance.charge(path.checks)
        return path
    }

    private mutating func add(_ anchor: DANEChainFacts.Anchor, _ path: AnchorVerification.Path) {
        let path = DANEChainFacts.AnchorPath(anchor: anchor, links: path.links, findings: path.findings)
        if !found.anchorPaths.contains(path) { found.anchorPaths.append(path) }
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
