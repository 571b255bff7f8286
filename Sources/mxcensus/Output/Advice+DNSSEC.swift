// SPDX-License-Identifier: Apache-2.0

/// What mends a zone that validators refuse, by the INFO-CODE that the refusal has (RFC 8914 §4).
extension Advice {
    static func dnssec(of what: String, reason: String?, code: Int?) -> String {
        "DNSSEC of \(what) is broken (\(reason ?? "no reason given")): validating senders cannot deliver; "
            + remedy(code: code, reason: reason ?? "")
    }

    private static func remedy(code: Int?, reason: String) -> String {
        switch code {
        case 7: "sign the zone again, and let that happen by itself before signatures run out"
        case 8: "set the clock of the machine that signs, and sign the zone again"
        // The same code for both ends of the link between a zone and its parent's DS, and for a key within the zone.
        case 9 where reason.contains("DS records"):
            "correct the DS record at the parent, or remove it if the zone is signed no more"
        case 9: "publish the key that signed, or sign the zone again with a key that is published"
        case 10: "sign the zone again, all of it, and see that every name server has the signed copy"
        case 11: "publish a key with the zone-key flag (256 or 257), sign with it, and name it in the DS record"
        case 12:
            "sign the zone again, with the NSEC or NSEC3 records that prove what is not there, and see that every name "
                + "server sends them"
        case 25: "correct the dates with which the zone is signed, and sign it again"
        default: "sign the zone again, and change nothing in it afterwards"
        }
    }
}
