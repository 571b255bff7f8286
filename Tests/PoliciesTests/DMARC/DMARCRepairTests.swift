// SPDX-License-Identifier: Apache-2.0

import Policies
import Testing

struct DMARCRepairTests {
    @Test(arguments: [
        // Every tag that is sound stays.
        (
            "v=DMARC1; p=reject; sp=quarantine; np=reject; rua=mailto:a@example.com!10m; ruf=mailto:b@example.com; t=y; "
                + "adkim=s; aspf=r; fo=1:d; psd=n; note=any thing;; x",
            "v=DMARC1; p=reject; sp=quarantine; np=reject; rua=mailto:a@example.com!10m; ruf=mailto:b@example.com; t=y; "
                + "adkim=s; aspf=r; fo=1:d; psd=n; note=any thing"
        ),
        ("v=DMARC1; p=reject;; rua=mailto:a@example.com", "v=DMARC1; p=reject; rua=mailto:a@example.com"),
        ("v=DMARC1; p=quarantine; t=y; fo=x", "v=DMARC1; p=quarantine; t=y"),
        ("v=DMARC1; p=reject; adkim=x; aspf=s; psd=x; t=1", "v=DMARC1; p=reject; aspf=s"),
        // A policy that is none, or is missing.
        ("v=DMARC1; sp=reject; rua=mailto:a@example.com", "v=DMARC1; p=none; sp=reject; rua=mailto:a@example.com"),
        ("v=DMARC1", "v=DMARC1; p=none"), ("v=DMARC1; p=deny; adkim=s", "v=DMARC1; p=none; adkim=s"),
        // One for subdomains that is none takes nothing from the policy that they have without it.
        ("v=DMARC1; p=reject; sp=deny; rua=mailto:a@example.com", "v=DMARC1; p=reject; rua=mailto:a@example.com"),
        ("v=DMARC1; p=reject; sp=", "v=DMARC1; p=reject"), ("v=DMARC1; p=reject; np=bad", "v=DMARC1; p=reject"),
        // Addresses that lack `mailto:`, sizes that are none, and addresses that are none.
        (
            "v=DMARC1; p=none; rua=a@example.com,mailto:b@example.com!10p, nobody ,https://x.example/",
            "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.com,https://x.example/"
        ),
        (
            "v=DMARC1; p=none; rua=mailto:a@x.example mailto:<b@x.example> p=reject; ruf:mailto: c@x.example;mailto:d@x.example",
            "v=DMARC1; p=none; rua=mailto:a@x.example,mailto:b@x.example; ruf=mailto:c@x.example,mailto:d@x.example"
        ),
        (
            "v=DMARC1; p=none; rua=mailto:a@x.example; mailto:b@x.example adkim=s",
            "v=DMARC1; p=none; rua=mailto:a@x.example,mailto:b@x.example; adkim=s"
        ),
        ("v=DMARC1; p=reject; rua=bogus; pct=50", "v=DMARC1; p=reject; pct=50"),
        // Semicolons that were forgotten, or escaped.
        ("v=DMARC1; p=reject rua=mailto:a@example.com", "v=DMARC1; p=reject; rua=mailto:a@example.com"),
        ("v=DMARC1 p=reject", "v=DMARC1; p=reject"), ("v=DMARC1\\; p=reject\\; sp=none", "v=DMARC1; p=reject; sp=none"),
        // The version, and the order.
        ("p=reject; v=DMARC1", "v=DMARC1; p=reject"), ("v=dmarc1; P = Reject", "v=DMARC1; p=Reject"),
        ("v=DMARC1; sp=none; p=reject", "v=DMARC1; p=reject; sp=none"), (" v=DMARC1; p=none", "v=DMARC1; p=none"),
        // A tag twice makes the list invalid: the milder policy stays, and both addresses do.
        ("v=DMARC1; p=reject; p=none", "v=DMARC1; p=none"),
        (
            "v=DMARC1; p=none; rua=mailto:a@x.example; rua=mailto:b@x.example",
            "v=DMARC1; p=none; rua=mailto:a@x.example,mailto:b@x.example"
        ),
    ])
    func oneRecord(published: String, record: String) {
        #expect(DMARCRepair([Array(published.utf8)]).record == record)
    }

    @Test func severalRecords() {
        let published = [
            "v=DMARC1; p=reject; rua=mailto:a@example.com; adkim=s",
            "v=DMARC1; p=quarantine; sp=none; rua=mailto:b@x.example",
        ]
        #expect(
            DMARCRepair(published.map { Array($0.utf8) }).record
                == "v=DMARC1; p=quarantine; sp=none; rua=mailto:b@x.example,mailto:a@example.com")
    }
}
