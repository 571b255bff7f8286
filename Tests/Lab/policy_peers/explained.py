# SPDX-License-Identifier: Apache-2.0
"""Where a peer is not asked, or says otherwise, and what decides: (peer, domain, kind): reason."""

POSTFIX, CHECKDMARC = "postfix-mta-sts-resolver", "checkdmarc"
PATTERN = "RFC 8461 section 3.2: an mx is a domain, or `*.` and a domain; it looks at no pattern, Postfix will"

NOT_ASKED = {
    (CHECKDMARC, "drip.sts.beta", "sts"): "it waits as long as something comes",
}

EXPLAINED = {
    # The record
    (POSTFIX, "badid.sts.beta", "sts"): "RFC 8461 section 3.1: sts-id is letters and digits; it takes any text",
    (POSTFIX, "longid.sts.beta", "sts"): "RFC 8461 section 3.1: sts-id has 32 characters at most; it takes any length",
    (POSTFIX, "syntax.sts.beta", "sts"): "RFC 8461 section 3.1: a field has a name; it passes over what is not one",
    # The fetch
    ("curl", "cnonly.sts.beta", "fetch"): "RFC 8461 section 3.3: a DNS-ID must match; OpenSSL takes a CN too",
    (POSTFIX, "cnonly.sts.beta", "sts"): "RFC 8461 section 3.3: a DNS-ID must match; Python takes the common name too",
    (CHECKDMARC, "html.sts.beta", "sts"): "RFC 8461 section 3.2: text/plain SHOULD be ensured; it warns, and so do we",
    (CHECKDMARC, "toolarge.sts.beta", "sts"): "RFC 8461 section 3.3: a limit such as 64 KiB SHOULD be; it has none",
    # The policy
    (POSTFIX, "duplicate.sts.beta", "sts"): "RFC 8461 section 3.2: of duplicates the first counts; it takes the last",
    (POSTFIX, "badmx.sts.beta", "sts"): PATTERN,
    (POSTFIX, "dotmx.sts.beta", "sts"): PATTERN,
    (POSTFIX, "ipmx.sts.beta", "sts"): PATTERN,
    (CHECKDMARC, "ipmx.sts.beta", "sts"): "RFC 1123 section 2.1: no host name is four numbers, whatever its characters",
    (POSTFIX, "badline.sts.beta", "sts"): "RFC 8461 section 3.2: key/value pairs alone; it passes over what is no pair",
    (POSTFIX, "cronly.sts.beta", "sts"): "RFC 8461 section 3.2: lines end with LF or CRLF; Python also ends them at CR",
    (POSTFIX, "nottext.sts.beta", "sts"): "RFC 8461 section 3.2: no value has control characters; it passes over NUL",
    # SPF and DMARC
    (CHECKDMARC, "capitals.spf.beta", "spf"): "RFC 5234 section 2.3: `v=spf1` in the ABNF of RFC 7208 has no case",
    (CHECKDMARC, "others.dmarc.beta", "dmarc"): "RFC 7489 section 6.6.3: what does not begin v=DMARC1 is discarded",
    (CHECKDMARC, "nop.dmarc.beta", "dmarc"): "RFC 9989 section 4.7: without p it is none; no_p says that it is missing",
    (CHECKDMARC, "untold.dmarc.beta", "dmarc"): "RFC 7489 section 7.1: no reports are sent there; it warns of the same",
    (CHECKDMARC, "within.dmarc.beta", "dmarc"): "RFC 9989 section 4.10: each is its own organization; it does not ask",
    (CHECKDMARC, "other.dmarc.beta", "dmarc"): "RFC 7489 section 7.1: no reports are sent there; it warns of the same",
}
