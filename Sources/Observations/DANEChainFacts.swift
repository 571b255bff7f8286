// SPDX-License-Identifier: Apache-2.0

/// What DANE needs to know of a presented chain (RFC 6698 §2.1, RFC 7671 §5): the data that TLSA records are compared
/// with, the names of the host's certificate, and the paths from it to possible trust anchors. Dates are not judged
/// here: each link of a path carries its own.
public struct DANEChainFacts: Hashable, Sendable {
    /// What a certificate is compared by.
    public struct Certificate: Hashable, Sendable {
        /// The whole certificate, DER.
        public var certificate: [UInt8]
        /// SubjectPublicKeyInfo, DER.
        public var publicKey: [UInt8]
        /// SHA-256 of the certificate.
        public var certificateSHA256: [UInt8]
        /// SHA-512 of the certificate.
        public var certificateSHA512: [UInt8]
        /// SHA-256 of the public key.
        public var publicKeySHA256: [UInt8]
        /// SHA-512 of the public key.
        public var publicKeySHA512: [UInt8]

        /// Takes both in full; digests are filled in by those who can compute them.
        public init(
            certificate: [UInt8], publicKey: [UInt8], certificateSHA256: [UInt8] = [], certificateSHA512: [UInt8] = [],
            publicKeySHA256: [UInt8] = [], publicKeySHA512: [UInt8] = []
        ) {
            self.certificate = certificate
            self.publicKey = publicKey
            self.certificateSHA256 = certificateSHA256
            self.certificateSHA512 = certificateSHA512
            self.publicKeySHA256 = publicKeySHA256
            self.publicKeySHA512 = publicKeySHA512
        }

        /// Whether a record is about this certificate, whatever its usage; one that cannot be used is about none.
        public func matches(_ record: TLSARecord) -> Bool {
            guard record.usability == .usable else { return false }
            let data =
                switch (record.selector, record.matchingType) {
                case (0, 0): certificate
                case (0, 1): certificateSHA256
                case (0, _): certificateSHA512
                case (_, 0): publicKey
                case (_, 1): publicKeySHA256
                default: publicKeySHA512
                }
            return data == record.associationData
        }
    }

    /// Where a trust anchor was found.
    public enum Anchor: Hashable, Sendable {
        /// At this place of the presented chain, above the host's certificate.
        case sent(position: Int)
        /// Given in full in a TLSA record with this selector (RFC 7671 §5.2.2, §5.2.3), and not sent.
        case given(selector: Int, data: [UInt8])
        /// Known from elsewhere; neither sent nor given, so that a sender cannot find it (RFC 7672 §3.1.2).
        case missing(Certificate)
    }

    /// The way from the host's certificate to a possible trust anchor.
    public struct AnchorPath: Hashable, Sendable {
        /// Where it leads.
        public var anchor: Anchor
        /// From the host's certificate up to the anchor, or to the certificate that an anchor given as a bare key has
        /// signed; empty where the anchor has signed nothing that leads to the host's certificate.
        public var links: [ChainFacts.Link]
        /// Faults of signatures, purpose and constraints; names, dates and strength are not looked at.
        public var findings: [ChainFacts.Finding]

        /// A path and its faults.
        public init(anchor: Anchor, links: [ChainFacts.Link], findings: [ChainFacts.Finding] = []) {
            self.anchor = anchor
            self.links = links
            self.findings = findings
        }
    }

    /// The certificates as presented, the host's first; empty where that one cannot be read.
    public var certificates: [Certificate]
    /// DNS names of the host's certificate, lower case.
    public var dnsNames: [String]
    /// The common names of the host's certificate that may stand in for them.
    public var commonNames: [String]
    /// Paths to all certificates and keys that a DANE-TA record is about.
    public var anchorPaths: [AnchorPath]
    /// Signatures that were checked to find the paths.
    public var signatureChecks = 0
    /// Whether paths may be missing because there was more to check than one host is worth.
    public var isIncomplete = false

    /// Facts about a chain.
    public init(
        certificates: [Certificate], dnsNames: [String] = [], commonNames: [String] = [],
        anchorPaths: [AnchorPath] = []
    ) {
        self.certificates = certificates
        self.dnsNames = dnsNames
        self.commonNames = commonNames
        self.anchorPaths = anchorPaths
    }
}
