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

/// Rooms that need nothing but the system's C libraries.
let rooms: [Target] = [
    .systemLibrary(name: "CLDNS", pkgConfig: "ldns", providers: [.apt(["libldns-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
    .systemLibrary(name: "CPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
    .systemLibrary(name: "CMaxMindDB", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    .target(name: "Observations", swiftSettings: pureSettings),
    .target(
        name: "Lists", dependencies: ["Observations", "CIDN2", "CMaxMindDB", "CPSL", "CZlib"],
        swiftSettings: houseSettings),
    .target(name: "DNS", dependencies: ["Observations", "CLDNS"], swiftSettings: houseSettings),
    .target(name: "SMTP", dependencies: ["Observations"], swiftSettings: pureSettings),
    .target(name: "TLS", dependencies: ["Observations", "COpenSSL"], swiftSettings: houseSettings),
    .target(name: "Verdicts", dependencies: ["Observations"], swiftSettings: pureSettings),
    .target(name: "Policies", dependencies: ["Observations"], swiftSettings: pureSettings),

    // What must hold whatever strangers send: for the tests, and for the fuzzer below.
    .target(
        name: "FuzzTargets", dependencies: ["Observations", "SMTP", "TLS", "Verdicts", "Mutations"],
        path: "Tests/Fuzz/Readers",
        swiftSettings: houseSettings),
    .executableTarget(
        name: "RecordsBench", dependencies: ["Observations", "Policies"], path: "Tests/Bench/records",
        swiftSettings: houseSettings),
    .target(name: "Mutations", path: "Tests/Mutations", swiftSettings: pureSettings),

    .testTarget(name: "ObservationsTests", dependencies: ["Observations"], swiftSettings: houseSettings),
    .testTarget(name: "ListsTests", dependencies: ["Lists"], swiftSettings: houseSettings),
    .testTarget(name: "DNSTests", dependencies: ["DNS", "Mutations"], swiftSettings: houseSettings),
    .testTarget(name: "SMTPTests", dependencies: ["SMTP", "FuzzTargets"], swiftSettings: houseSettings),
    .testTarget(
        name: "TLSTests", dependencies: ["TLS", "Verdicts", "COpenSSL", "FuzzTargets", "Mutations"],
        swiftSettings: houseSettings),
    .testTarget(name: "VerdictsTests", dependencies: ["Verdicts"], swiftSettings: houseSettings),
    .testTarget(name: "PoliciesTests", dependencies: ["Policies", "Lists", "Mutations"], swiftSettings: houseSettings),
]

/// Rooms that stand on packages: the database, the network, the command line.
let upperFloor: [Target] = [
    .target(
        name: "Store",
        dependencies: ["Observations", .product(name: "GRDB", package: "GRDB.swift")],
        swiftSettings: houseSettings),
    .target(
        name: "Scan",
        dependencies: [
            "Observations", "Lists", "DNS", "SMTP", "TLS", "Policies", "Verdicts", "Store",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "Logging", package: "swift-log"),
        ],
        swiftSettings: houseSettings),
    .executableTarget(
        name: "mxcensus",
        dependencies: [
            "CMalloc", "Observations", "Lists", "DNS", "SMTP", "TLS", "Policies", "Verdicts", "Store", "Scan",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Logging", package: "swift-log"),
        ],
        swiftSettings: houseSettings),

    .testTarget(name: "StoreTests", dependencies: ["Store"], swiftSettings: houseSettings),
    .testTarget(name: "ScanTests", dependencies: ["Scan", "Store", "Mutations"], swiftSettings: houseSettings),
    .testTarget(name: "CommandLineTests", dependencies: ["mxcensus", "Mutations"], swiftSettings: houseSettings),
]

/// With MXCENSUS_ROOMS_ONLY set, the package is the rooms alone: what a memory check or a quick look at one of them
/// needs, without building the packages that the upper floor stands on.
let roomsOnly = Context.environment["MXCENSUS_ROOMS_ONLY"] != nil

/// libFuzzer brings its own `main` and wants everything built with `-sanitize=fuzzer`: `scripts/fuzz-readers.sh` asks.
let fuzzer: [Target] =
    Context.environment["MXCENSUS_FUZZER"] == nil
    ? []
    : [
        .executableTarget(
            name: "fuzz-readers", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/LibFuzzer",
            swiftSettings: houseSettings)
    ]

let package = Package(
    name: "mxcensus",
    products: roomsOnly ? [] : [.executable(name: "mxcensus", targets: ["mxcensus"])],
    dependencies: roomsOnly
        ? []
        : [
            .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
            .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
            .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
            .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        ],
    targets: roomsOnly ? rooms + fuzzer : rooms + upperFloor
)
