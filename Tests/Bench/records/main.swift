// SPDX-License-Identifier: Apache-2.0
// RecordsBench: how many records and policy files each parser reads in a second of processor time, as one line of JSON.
// What it reads is what is published: usual lengths, nothing broken, everything that such a text leads to in memory.
import Foundation
import Observations
import Policies

/// The same text everywhere, and one address.
final class SameText: PolicySource {
    private let text: [UInt8]

    init(_ text: String) { self.text = Array(text.utf8) }

    func answer(to question: PolicyQuestion) async -> PolicyAnswer {
        let status = LookupStatus(outcome: .noerrorData, security: .insecure)
        guard case .texts = question else { return PolicyAnswer(status: status, count: 1) }
        return PolicyAnswer(status: status, texts: [text], count: 1)
    }
}

func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Readings in a second.
func rate(_ read: () async -> Bool) async -> Int {
    var count = 0
    var sound = true
    let began = processorSeconds()
    while processorSeconds() - began < 0.5 {
        for _ in 0..<100 { sound = await read() && sound }
        count += 100
    }
    precondition(sound, "a text that was to be valid is not")
    return Int(Double(count) / (processorSeconds() - began))
}

let domain = try DomainName("example.com")
let sts = await SameText("v=STSv1; id=20261122T000000;").answer(to: .texts(domain))
let tls = await SameText("v=TLSRPTv1; rua=mailto:tls@example.com,https://tls.example.com/r").answer(to: .texts(domain))
let file = Array(
    "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.mx.example.net\r\nmax_age: 604800\r\n".utf8)
let spf = SameText("v=spf1 mx a:mail.example.com ip4:192.0.2.0/24 ip6:2001:db8::/32 -all")
let dmarc = SameText("v=DMARC1; p=reject; sp=quarantine; adkim=s; rua=mailto:dmarc@example.com")

let rates = [
    "MTA-STS records": await rate { STSRecord.observe(sts).outcome == .valid },
    "MTA-STS policy files": await rate { STSPolicy.read(file).outcome == .validEnforce },
    "TLS-RPT records": await rate { TLSRPTRecord.observe(tls).outcome == .valid },
    "SPF records": await rate { await SPFEvaluation.evaluate(domain, from: spf).outcome == .valid },
    "DMARC records": await rate { await DMARCEvaluation(from: dmarc).evaluate(domain).outcome == .valid },
]
print(String(decoding: try JSONSerialization.data(withJSONObject: rates, options: .sortedKeys), as: UTF8.self))
