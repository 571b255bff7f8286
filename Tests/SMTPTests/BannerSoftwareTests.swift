// SPDX-License-Identifier: Apache-2.0
import SMTP
import Testing

struct BannerSoftwareTests {
    @Test(arguments: [
        ("mx.example.org ESMTP Postfix (Debian/GNU)", "Postfix"),
        ("mx.example.org ESMTP Postfix 3.7.11", "Postfix 3.7.11"),
        ("mx.example.org ESMTP Exim 4.96 Sun, 22 Nov 2026 10:00:00 +0000", "Exim 4.96"),
        (
            "mx.example.org Microsoft ESMTP MAIL Service, Version: 10.0.14393.2608 ready",
            "Microsoft Exchange 10.0.14393.2608"
        ),
        ("mx.google.com ESMTP 4fb4d7f45d1cf-a1 - gsmtp", "Google"),
        ("mx.example.org ESMTP Sendmail 8.15.2/8.15.2", "Sendmail 8.15.2"),
    ]) func namesTheProduct(banner: String, software: String) {
        #expect(BannerSoftware.name(in: banner) == software)
    }

    @Test(arguments: ["ESMTP ready", "postfix.example.org ESMTP", "superexim ESMTP", "", "*******"])
    func namesNothingWithoutAProduct(banner: String) {
        #expect(BannerSoftware.name(in: banner) == nil)
    }
}
