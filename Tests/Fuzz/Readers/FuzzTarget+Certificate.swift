// SPDX-License-Identifier: Apache-2.0
import Observations
import TLS
import Verdicts

extension FuzzTarget {
    /// What a server shows as its certificate, and what a zone publishes in full in a TLSA record.
    public static let certificate = FuzzTarget(name: "certificate") { octets in
        let facts = CertificateReader.read(octets)
        if let facts, let violation = violation(in: facts, of: octets) { return violation }
        return violationOfChain(octets) ?? violationOfRecords(octets, isCertificate: facts != nil)
    }

    private static func violation(in facts: CertificateFacts, of octets: [UInt8]) -> String? {
        if facts.sha256 != ChainDigest.sha256(of: octets) { return "the digest of something else" }
        if facts.sanDNS.count > facts.sanCount ?? 0 { return "more DNS names than names" }
        if !facts.sanDNS.joined().utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return "a name with a space" }
        let texts = [facts.subjectDN, facts.issuerDN, facts.subjectCN ?? ""] + facts.hostCNs
        if texts.contains(where: { $0.utf8.contains { $0 < 0x20 || $0 == 0x7F } }) { return "a control character" }
        return nil
    }

    /// A store whose only root has signed nothing.
    private static let roots = Result {
        try TrustStore(name: "fuzz", pem: Array(rootThatSignedNothing.utf8))
    }
    private static let moment = Timestamp(seconds: 1_750_000_000)

    private static func violationOfChain(_ octets: [UInt8]) -> String? {
        guard let store = try? roots.get() else { return "no store" }
        for chain in [[octets], [octets, octets], [[], octets]] {
            guard let facts = try? ChainVerifier.facts(chain: chain, store: store, at: moment) else {
                return "no facts"
            }
            let verdict = PKIXVerdict.judge(facts)
            if verdict.outcome == .valid { return "valid" }
            if facts.presented.count != chain.count { return "another chain" }
        }
        return nil
    }

    /// As the host's own certificate it matches its own record; as an authority's it signs nobody but itself.
    private static func violationOfRecords(_ octets: [UInt8], isCertificate: Bool) -> String? {
        guard let name = try? DomainName("mx.example") else { return "no name" }
        let records = [(3, 0), (2, 0), (2, 1)].map { usage, selector in
            TLSARecord(certificateUsage: usage, selector: selector, matchingType: 0, associationData: octets)
                .readingFullData()
        }
        guard octets.isEmpty || records[0].usability == (isCertificate ? .usable : .unparsable) else {
            return "\(records[0].usability.rawValue) and yet \(isCertificate ? "" : "no ")certificate"
        }
        for chain in [[octets], [octets, octets]] {
            guard let facts = try? DANEChain.facts(chain: chain, records: records) else { return "no facts" }
            let verdict = DANEVerdict.judge(
                records: records, chain: facts, names: DANEReferenceNames(base: name, mxHost: name), at: moment)
            // What is read in one form and written in another would match nothing.
            let isItself = facts.certificates.first?.certificate == octets
            if isCertificate, isItself, !verdict.matched.contains(0) { return "does not match itself" }
            if !isCertificate, !verdict.matched.isEmpty { return "matches without a certificate" }
        }
        return nil
    }

    private static let rootThatSignedNothing = """
        -----BEGIN CERTIFICATE-----
        MIIBiDCCAS+gAwIBAgIUL6qgex7I4mfDaHXAI3y0B3xXCqowCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOU2lnbmVkIE5vdGhpbmcwIBcNMjYxMTI3MjM0MDQxWhgPMjEy
        NjExMDMyMzQwNDFaMBkxFzAVBgNVBAMMDlNpZ25lZCBOb3RoaW5nMFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAEDwJjJyNvrtNRFKbGuGHdSUBUmIimSPV03i8vNbqY
        B/gFEO69Tfd35c+SKxLbB5h4iy4LO1FDwcarTAoiglOzy6NTMFEwHQYDVR0OBBYE
        FFfsCad8BBAo0DFlbLfwR6sUcYf8MB8GA1UdIwQYMBaAFFfsCad8BBAo0DFlbLfw
        R6sUcYf8MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgIcuKbCe1
        or7FIEiF6sHT80hj1C4ZBZgPEnuIBkuuuMQCIHrTNdZUDFMxNddvPJ/Xq8c6Ld2a
        w3QEZ88Otqa+CwmQ
        -----END CERTIFICATE-----

        """
}
