// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Observations

/// A certificate is stored once, whoever shows it; seen again, it only gets a later `last_seen`.
enum CertificateRow {
    static func insert(_ facts: CertificateFacts, der: [UInt8], seenAt moment: String, _ db: Database) throws {
        // Most certificates are shown by many hosts within one second of the clock: then there is nothing to write.
        let isCovered = try Bool.fetchOne(
            db.cachedStatement(
                sql: "SELECT ?1 BETWEEN first_seen AND last_seen FROM certificates WHERE cert_sha256 = ?2"),
            arguments: [moment, facts.sha256])
        if isCovered == true { return }
        if isCovered == false {
            return try db.cachedStatement(
                sql: """
                    UPDATE certificates SET first_seen = min(first_seen, ?1), last_seen = max(last_seen, ?1)
                    WHERE cert_sha256 = ?2
                    """
            ).execute(arguments: [moment, facts.sha256])
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO certificates (cert_sha256, spki_sha256, subject_cn, issuer_dn, serial, not_before, not_after,
                    key_type, key_bits, curve, sig_alg, san_dns, san_count, is_ca, self_signed, ct_sct_count,
                    ocsp_url_present, first_seen, last_seen, host_cns, der)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            facts.sha256, facts.spkiSHA256, facts.subjectCN, facts.issuerDN, facts.serial, facts.notBefore?.description,
            facts.notAfter?.description, facts.keyType.rawValue, facts.keyBits, facts.curve, facts.signatureAlgorithm,
            JSONText.array(facts.sanDNS), facts.sanCount, facts.isCA, facts.isSelfSigned, facts.sctCount,
            facts.hasOCSPURL, moment, moment, JSONText.array(facts.hostCNs), Data(der),
        ])
    }
}
