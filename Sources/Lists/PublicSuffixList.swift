// SPDX-License-Identifier: Apache-2.0

private import CPSL
public import Observations

/// Which names can be registered: the public suffix list (publicsuffix.org), as libpsl was built with it.
///
/// The registered domain is the public suffix and one label before it: `example.co.uk` for `mx.example.co.uk`. RFC 7489
/// §3.2 calls it the organizational domain.
public enum PublicSuffixList {
    /// The registered domain that a name belongs to; nil for a public suffix and for the root. Rules for which the list
    /// has no entry are `*`: every top-level domain is a public suffix.
    public static func registeredDomain(of name: DomainName) -> DomainName? {
        guard !name.isRoot else { return nil }
        let text = name.description
        // What libpsl returns is a place in the text that it was given.
        let registered = text.withCString { start in
            psl_registrable_domain(psl_builtin(), start).map { String(cString: $0) }
        }
        return registered.flatMap { try? DomainName($0) }
    }

    /// Where the list comes from: the version of libpsl, and SHA-1 and date (seconds since 1970) of the list in it.
    public static var provenance: (library: String, sha1: String, seconds: Int64) {
        (
            String(cString: psl_get_version()), psl_builtin_sha1sum().map { String(cString: $0) } ?? "",
            Int64(psl_builtin_file_time())
        )
    }
}
