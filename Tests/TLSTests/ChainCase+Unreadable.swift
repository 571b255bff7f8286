// SPDX-License-Identifier: Apache-2.0
import Observations

extension ChainCase {
    /// An extension that does not say what it should, each in the host's certificate and in its issuer's, or is there
    /// twice (RFC 5280 §4.2). The library says of all of them that an issuer is missing.
    static let unreadable: [ChainCase] =
        [
            ("2.5.29.15", "critical,DER:040100"), ("2.5.29.19", "critical,DER:040100"), ("2.5.29.37", "DER:040100"),
            ("2.5.29.35", "DER:040100"), ("2.5.29.31", "DER:040100"), ("2.5.29.30", "critical,DER:040100"),
            // A path length below none.
            ("2.5.29.19", "critical,DER:30060101FF0201FF"),
        ].flatMap { identifier, value in
            [
                ChainCase("\(identifier) \(value) in the host's", .badExtension) {
                    [try $0.host([(identifier, value)]), $0.intermediate]
                },
                ChainCase("\(identifier) \(value) in the issuer's", .badExtension) { world in
                    let basic = [("basicConstraints", "critical,CA:TRUE")].filter { _ in identifier != "2.5.29.19" }
                    let odd = try world.authority("Odd", basic + [(identifier, value)])
                    return [try world.host(issuer: odd), odd]
                },
            ]
        } + [
            ChainCase("names that are none", .badExtension) {
                [try $0.host { $0.extensions = [("2.5.29.17", "DER:040100")] }, $0.intermediate]
            },
            ChainCase("names twice", .badExtension) {
                [try $0.host([("subjectAltName", "DNS:other.example")]), $0.intermediate]
            },
            ChainCase("basicConstraints twice at the issuer", .badExtension) { world in
                let twice = try world.constrained("Twice", "basicConstraints", "critical,CA:TRUE")
                return [try world.host(issuer: twice), twice]
            },
            ChainCase("of an authority that is not there", .badExtension) {
                [try $0.host([("2.5.29.15", "critical,DER:040100")])]
            },
            ChainCase("a stranger that has nothing to do with it", .valid) { world in
                let stranger = try world.constrained("Stranger", "2.5.29.31", "DER:040100")
                return [try world.host(), stranger, world.intermediate]
            },
            ChainCase("the same beside a chain that lacks its issuer", .unknownCA) { world in
                let stranger = try world.constrained("Stranger", "2.5.29.31", "DER:040100")
                return [try world.host(), stranger]
            },
        ]
}
