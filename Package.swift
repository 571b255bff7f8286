// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// One set of habits for every room: Swift 6, no warning left standing, imports private unless said otherwise.
let houseSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
/// Rooms that hold no unsafe code at all, proven by the compiler.
let pureSettings = houseSettings + [.strictMemorySafety()]

let package = Package(
    name: "mxcensus",
    products: [.executable(name: "mxcensus", targets: ["mxcensus"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLDNS", pkgConfig: "ldns", providers: [.apt(["libldns-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Observations", swiftSettings: pureSettings),
        .target(name: "Lists", dependencies: ["Observations", "CIDN2", "CZlib"], swiftSettings: houseSettings),
        .target(name: "DNS", dependencies: ["Observations", "CLDNS"], swiftSettings: houseSettings),
        .target(name: "SMTP", dependencies: ["Observations"], swiftSettings: pureSettings),
        .target(name: "TLS", dependencies: ["Observations", "COpenSSL"], swiftSettings: houseSettings),
        .target(name: "Verdicts", dependencies: ["Observations"], swiftSettings: pureSettings),
        .target(
            name: "Store",
            dependencies: ["Observations", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: houseSettings),
        .target(
            name: "Scan",
            dependencies: [
                "Observations", "Lists", "DNS", "SMTP", "TLS", "Verdicts", "Store",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: houseSettings),
        .executableTarget(
            name: "mxcensus",
            dependencies: [
                "Observations", "Lists", "DNS", "TLS", "Verdicts", "Store", "Scan",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: houseSettings),

        .testTarget(name: "ObservationsTests", dependencies: ["Observations"], swiftSettings: houseSettings),
        .testTarget(name: "ListsTests", dependencies: ["Lists"], swiftSettings: houseSettings),
        .testTarget(name: "DNSTests", dependencies: ["DNS"], swiftSettings: houseSettings),
        .testTarget(name: "SMTPTests", dependencies: ["SMTP"], swiftSettings: houseSettings),
        .testTarget(name: "TLSTests", dependencies: ["TLS"], swiftSettings: houseSettings),
        .testTarget(name: "VerdictsTests", dependencies: ["Verdicts"], swiftSettings: houseSettings),
        .testTarget(name: "StoreTests", dependencies: ["Store"], swiftSettings: houseSettings),
        .testTarget(name: "ScanTests", dependencies: ["Scan"], swiftSettings: houseSettings),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["Store", .product(name: "Yams", package: "Yams")], swiftSettings: houseSettings),
    ]
)
