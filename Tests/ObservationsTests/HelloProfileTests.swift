// SPDX-License-Identifier: Apache-2.0
import Observations
import Testing

@Suite struct HelloProfileTests {
    @Test(arguments: [
        (HelloProfile.full, "full"), (.pq, "pq"), (.tls12, "tls12"), (.tls11, "tls11"), (.tls10, "tls10"),
        (.legacy, "legacy"), (.deepSSL3, "deep_ssl3"), (.deepRSA, "deep_rsa"), (.deepECDSA, "deep_ecdsa"),
        (.deepGroup(0x11EC), "deep_group_0x11EC"), (.deepGroup(0x1D), "deep_group_0x001D"),
        (.deepSuites(.tls12), "deep_suites_TLSv1.2"), (.deepSuites(.ssl3), "deep_suites_SSLv3"),
    ])
    func `A profile and its name in the data are one`(profile: HelloProfile, name: String) {
        #expect(profile.rawValue == name)
        #expect(HelloProfile(rawValue: name) == profile)
    }

    @Test(arguments: [
        "", "Full", "deep_group_", "deep_group_0x", "deep_group_0x1D", "deep_group_0x11ec", "deep_group_0x+1EC",
        "deep_group_0x111EC", "deep_suites_", "deep_suites_tls12", "deep",
    ])
    func `What is no name of a profile gives none`(text: String) {
        #expect(HelloProfile(rawValue: text) == nil)
    }
}
