// SPDX-License-Identifier: Apache-2.0

/// Whether the presented chain leads to a trusted root, names ignored (RFC 5280 §6). One word: the first that holds in
/// the order parse, signature, chain, purpose, dates, weakness.
public enum PKIXOutcome: String, Outcome {
    /// A valid path to a root of the store.
    case valid
    /// The host's certificate has expired.
    case expiredLeaf = "expired_leaf"
    /// A certificate above the host's has expired.
    case expiredIssuer = "expired_issuer"
    /// A certificate of the path is not valid yet.
    case notYetValid = "not_yet_valid"
    /// The host's certificate is signed by itself.
    case selfSignedLeaf = "self_signed_leaf"
    /// The chain ends in a root that is not in the store.
    case selfSignedInChain = "self_signed_in_chain"
    /// The issuer is neither sent nor in the store.
    case unknownCA = "unknown_ca"
    /// As before, but the missing certificate is known from elsewhere in this scan.
    case incompleteChain = "incomplete_chain"
    /// A signature does not verify.
    case signatureBad = "signature_bad"
    /// Signed with SHA-1 or MD5.
    case weakSignature = "weak_signature"
    /// A key below OpenSSL's level 2: RSA 2048, EC 224.
    case weakKey = "weak_key"
    /// Not a certificate for a server.
    case badPurpose = "bad_purpose"
    /// A critical extension that cannot be processed, or a broken one.
    case badExtension = "bad_extension"
    /// A CA of the path may not speak for these names.
    case nameConstraint = "name_constraint"
    /// More CAs in a row than one of them allows.
    case pathLength = "path_length"
    /// Revoked.
    case revoked
    /// Not a certificate.
    case parseError = "parse_error"
    /// The server showed none.
    case noCertificate = "no_certificate"
    /// Another reason; OpenSSL's codes stand beside.
    case other
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "pkix" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// Whether the certificate speaks for a name (RFC 9525 §6).
public enum NameMatch: String, Outcome {
    /// A DNS name of the certificate is the name.
    case matchExact = "match_exact"
    /// A DNS name whose left-most label is `*` covers the name.
    case matchWildcard = "match_wildcard"
    /// No DNS name at all, and a common name is the name: not a match under RFC 9525, but one for DANE-TA.
    case commonNameOnly = "cn_only"
    /// It has names, none of which is this one.
    case mismatch
    /// It has no name, or none that can be read.
    case noNames = "no_names"
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "name" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What DANE says about an endpoint and the chain it presented (RFC 7671, 7672).
public enum DANEOutcome: String, Outcome {
    /// The host's addresses are not secure, so that no TLSA record counts (RFC 7672 §2.2.2).
    case insecureAddress = "insecure_address"
    /// No TLSA records, proven.
    case absentSecure = "absent_secure"
    /// The addresses are secure, the TLSA RRset is not.
    case tlsaInsecure = "tlsa_insecure"
    /// The TLSA question has no usable answer: a sender must not deliver.
    case tempfail
    /// TLSA records, none of them usable: TLS without authentication (RFC 7672 §2.2).
    case unusable
    /// A DANE-EE record matches the host's certificate.
    case matchEE = "match_ee"
    /// A DANE-TA record matches a trust anchor of the chain, and the name fits.
    case matchTA = "match_ta"
    /// Usable records, none matches.
    case mismatch
    /// A DANE-TA record matches, the name does not.
    case taNameMismatch = "ta_name_mismatch"
    /// The trust anchor was not sent, or the path to it has expired.
    case taChainAbsentOrExpired = "ta_chain_absent_or_expired"
    /// Usable records, and no STARTTLS.
    case noSTARTTLS = "no_starttls"
    /// Usable records, and no TLS.
    case tlsFailed = "tls_failed"
    /// Usable records, and the host was not reached, or its chain and records ask for more signature checks than one host
    /// is worth and nothing matched before that.
    case unknown
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "dane" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .tempfail, .unknown: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}

/// What DANE protects of a whole domain, over its primary hosts that accept connections.
public enum DANEDomainOutcome: String, Outcome {
    /// No usable TLSA record at any host.
    case none
    /// The MX RRset or the addresses are not secure.
    case insecure
    /// TLSA records, none usable.
    case unusable
    /// Some hosts protected, others not.
    case partial
    /// Every host matches.
    case valid
    /// A host with usable records fails.
    case failed
    /// The domain has no mail hosts.
    case noMX = "no_mx"
    /// Not to be told.
    case unknown
    /// An earlier stage ended the matter.
    case notReached = "not_reached"
    /// We did not ask.
    case notMeasured = "not_measured"

    /// The stage's name in the published vocabulary.
    public static var stage: String { "dane_domain" }
    /// How far this word can be believed.
    public var outcomeClass: OutcomeClass {
        switch self {
        case .unknown: .transient
        case .notReached, .notMeasured: .none
        default: .conclusive
        }
    }
}
