// SPDX-License-Identifier: Apache-2.0
import Observations

/// Certificates whose data are their number: `certificate(1)` is what `record(_, _, _, about: 1)` matches.
enum DANELiterals {
    static func certificate(_ number: UInt8) -> DANEChainFacts.Certificate {
        func data(_ selector: Int, _ matchingType: Int) -> [UInt8] { octets(number, selector, matchingType) }
        return DANEChainFacts.Certificate(
            certificate: data(0, 0), publicKey: data(1, 0), certificateSHA256: data(0, 1),
            certificateSHA512: data(0, 2), publicKeySHA256: data(1, 1), publicKeySHA512: data(1, 2))
    }

    static func record(_ usage: Int, _ selector: Int, _ matchingType: Int, about number: UInt8) -> TLSARecord {
        TLSARecord(
            certificateUsage: usage, selector: selector, matchingType: matchingType,
            associationData: octets(number, selector, matchingType))
    }

    private static func octets(_ number: UInt8, _ selector: Int, _ matchingType: Int) -> [UInt8] {
        [UInt8](
            repeating: number << 3 | UInt8(selector << 2 | matchingType), count: [0: 90, 1: 32][matchingType] ?? 64)
    }

    /// A chain of these certificates, the first for `mx.example`.
    static func chain(_ numbers: [UInt8]) -> DANEChainFacts {
        DANEChainFacts(certificates: numbers.map(certificate), dnsNames: ["mx.example"])
    }

    /// From a host's certificate of 2025 to an anchor.
    static func path(
        _ anchor: DANEChainFacts.Anchor, fault: VerifyCode? = nil, anchorUntil: String = "2035-01-01",
        isAnchorSelfSigned: Bool = false
    ) -> DANEChainFacts.AnchorPath {
        let begin = Timestamp(rfc3339: "2025-01-01")
        return DANEChainFacts.AnchorPath(
            anchor: anchor,
            links: [
                ChainFacts.Link(
                    sha256: "host", notBefore: begin, notAfter: Timestamp(rfc3339: "2026-01-01"), isSelfSigned: false),
                ChainFacts.Link(
                    sha256: "anchor", notBefore: begin, notAfter: Timestamp(rfc3339: anchorUntil),
                    isSelfSigned: isAnchorSelfSigned),
            ],
            findings: fault.map { [ChainFacts.Finding($0, depth: 0)] } ?? [])
    }
}
