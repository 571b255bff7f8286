// SPDX-License-Identifier: Apache-2.0

/// What a certificate says (RFC 5280 §4.1): read once per distinct certificate and kept as values.
///
/// Personal data stay in the DER: e-mail addresses, given names and surnames are left out of the names here.
public struct CertificateFacts: Hashable, Sendable {
    /// The kinds of keys that the tables know.
    public enum KeyType: String, CaseIterable, Hashable, Sendable {
        /// RFC 8017, RSASSA-PSS keys included.
        case rsa = "RSA"
        /// Elliptic curves of RFC 5480.
        case ec = "EC"
        /// RFC 8410.
        case ed25519 = "Ed25519"
        /// RFC 8410.
        case ed448 = "Ed448"
        /// FIPS 186-4.
        case dsa = "DSA"
        /// FIPS 204 (RFC 9881).
        case mlDSA = "MLDSA"
        /// None of these.
        case other
    }

    /// SHA-256 over the whole certificate, lower-case hex: its key in the tables.
    public var sha256: String
    /// SHA-256 over SubjectPublicKeyInfo, lower-case hex: the data of a TLSA record `x 1 1`.
    public var spkiSHA256: String
    /// The most specific common name; nil where there is none, or where it is an e-mail address.
    public var subjectCN: String?
    /// The common names that may stand in for DNS names, the most specific last: e-mail addresses left out, and none
    /// where subjectAltName is there and cannot be read, for then nobody knows that it has no DNS name.
    public var hostCNs: [String]
    /// The subject as RFC 4514 writes it.
    public var subjectDN: String
    /// The issuer as RFC 4514 writes it.
    public var issuerDN: String
    /// The serial number, lower-case hex, `-` before a negative one.
    public var serial: String
    /// Valid from; nil where the date cannot be read.
    public var notBefore: Timestamp?
    /// Valid until; nil where the date cannot be read.
    public var notAfter: Timestamp?
    /// The kind of the public key.
    public var keyType: KeyType
    /// Bits of the modulus or of the field; nil for a key that the library cannot read.
    public var keyBits: Int?
    /// The curve by its IANA name, for `EC`.
    public var curve: String?
    /// The signature's algorithm (`sha256WithRSAEncryption`), or its dotted identifier.
    public var signatureAlgorithm: String
    /// The DNS names of subjectAltName in their order, lower case; octets that are not printable as `\xHH`.
    public var sanDNS: [String]
    /// All names of subjectAltName, whatever their kind; nil where it is there and cannot be read.
    public var sanCount: Int?
    /// basicConstraints says CA (RFC 5280 §4.2.1.9).
    public var isCA: Bool
    /// Issued by its own subject and signed by its own key.
    public var isSelfSigned: Bool
    /// Embedded signed certificate timestamps (RFC 6962 §3.3).
    public var sctCount: Int
    /// authorityInfoAccess names an OCSP responder.
    public var hasOCSPURL: Bool

    /// A certificate of which only the digests are known; the rest is filled in by whoever reads it.
    public init(sha256: String, spkiSHA256: String) {
        self.sha256 = sha256
        self.spkiSHA256 = spkiSHA256
        hostCNs = []
        subjectDN = ""
        issuerDN = ""
        serial = ""
        keyType = .other
        signatureAlgorithm = ""
        sanDNS = []
        sanCount = 0
        isCA = false
        isSelfSigned = false
        sctCount = 0
        hasOCSPURL = false
    }
}
