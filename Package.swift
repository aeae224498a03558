// swift-tools-version: 6.2
import PackageDescription

// Every target and what it may import: the import rules of the project, enforced by the compiler.
// The rooms and who may enter them are explained in CONTRIBUTING.md.

let swiftSettings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

// MARK: - Packages of others

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let lifecycleTesting = Target.Dependency.product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

// MARK: - Rooms

/// A room of Shared, with the test target that mirrors it.
func shared(
    _ name: String, _ dependencies: [Target.Dependency], testedWith extra: [Target.Dependency] = [],
    resources: [Resource] = [], testFiles: [String] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, path: "Shared/\(name)", resources: resources,
            swiftSettings: swiftSettings),
        .testTarget(
            name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies + extra,
            path: "Tests/\(name)Tests", exclude: testFiles, swiftSettings: swiftSettings),
    ]
}

/// What the program around a service's rules may import.
let program: [Target.Dependency] = [
    "Contracts", "EventProcessing", "Kafka", "ServiceKit", "ServiceProgram", "Geography", "WorkingTime",
    argumentParser, configuration, grdb, hummingbird, lifecycle, logging, metrics,
]

/// A service: its pure rules, the program around them, and a test target for each.
///
/// `rules` are rooms of Shared that its rules need beside the three that all may use.
/// `measuredAlone`: the program's entry is a target of its own, since nothing links a program, and a benchmark links this.
func service(
    _ name: String, rules: [Target.Dependency] = [], also extra: [Target.Dependency] = [], resources: [Resource] = [],
    testFiles: [String] = [], measuredAlone: Bool = false
) -> [Target] {
    let domain = Target.Dependency.target(name: "\(name)Domain")
    let pure: [Target.Dependency] = ["Contracts", "Geography", "WorkingTime"] + rules
    return [
        .target(
            name: "\(name)Domain", dependencies: pure, path: "Services/\(name)/Domain", swiftSettings: swiftSettings),
        .testTarget(
            name: "\(name)DomainTests", dependencies: [domain, "TestSupport"] + pure,
            path: "Tests/\(name)DomainTests", swiftSettings: swiftSettings),
    ]
        + executable(
            name, [domain] + program + rules + extra, resources: resources, testFiles: testFiles,
            entryApart: measuredAlone)
}

/// A program, with the test target that mirrors it.
func executable(
    _ name: String, _ dependencies: [Target.Dependency], testedWith extra: [Target.Dependency] = [],
    resources: [Resource] = [], testFiles: [String] = [], entryApart: Bool = false
) -> [Target] {
    let room = "Services/\(name)/Service"
    let entry = Target.executableTarget(
        name: "\(name)Program", dependencies: [.target(name: name)] + dependencies,
        path: "Services/\(name)/Program", swiftSettings: swiftSettings)
    return (entryApart ? [entry] : []) + [
        entryApart
            ? .target(
                name: name, dependencies: dependencies, path: room, resources: resources, swiftSettings: swiftSettings)
            : .executableTarget(
                name: name, dependencies: dependencies, path: room, resources: resources,
                swiftSettings: swiftSettings),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.target(name: name), "TestSupport", hummingbirdTesting, lifecycleTesting] + dependencies
                + extra,
            path: "Tests/\(name)Tests", exclude: testFiles, swiftSettings: swiftSettings),
    ]
}

let package = Package(
    name: "suishoupai",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "report-intake", targets: ["ReportIntake"]),
        .executable(name: "case-routing", targets: ["CaseRouting"]),
        .executable(name: "points", targets: ["PointsProgram"]),
        .executable(name: "notifications", targets: ["Notifications"]),
        .executable(name: "portal", targets: ["PortalProgram"]),
        .executable(name: "embedded-broker", targets: ["EmbeddedBroker"]),
        .executable(name: "suishoupai", targets: ["Suishoupai"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CRdKafka", path: "Shared/CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(
            name: "CTurboJPEG", path: "Shared/CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CPNG", path: "Shared/CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(
            name: "CSndfile", path: "Shared/CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Shared/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CXlsxWriter", path: "Shared/CXlsxWriter", pkgConfig: "xlsxwriter",
            providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CZlib", path: "Shared/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    ]
        + shared("Geography", [])
        + shared("WorkingTime", [])
        + shared(
            "Contracts", [crypto], resources: [.copy("Schemas")],
            testFiles: ["Golden", "Released", "validate_schemas.py", "validate_records.py"])
        + shared("CaseRates", ["Contracts", "WorkingTime"])
        + shared("Vocabulary", ["Contracts"], testedWith: ["PackFolder"])
        + shared("Kafka", ["CRdKafka", logging, metrics, lifecycle])
        + shared(
            "EventProcessing",
            ["Kafka", "Contracts", "ObjectStore", coreMetrics, crypto, grdb, lifecycle, logging, metrics],
            testedWith: [metricsTestKit])
        + shared(
            "ServiceKit",
            [
                configuration, coreMetrics, crypto, httpClient, httpTypes, hummingbird, jwt, lifecycle, logging,
                metrics,
                nio, nioHTTP1, unixSignals,
            ], testedWith: [hummingbirdTesting, lifecycleTesting])
        + shared(
            "ServiceProgram",
            [
                "Contracts", "EventProcessing", "Kafka", "ObjectStore", "ServiceKit", argumentParser, configuration,
                coreMetrics, hummingbird, lifecycle, logging, metrics, nio,
            ])
        + shared("OwnerRules", ["Contracts", "Geography", "WorkingTime"])
        + shared("PointRules", ["Contracts", "WorkingTime"])
        + shared("NotificationWords", ["Contracts"], testedWith: ["PackFolder"])
        + shared(
            "PackFolder",
            ["Contracts", "Geography", "NotificationWords", "OwnerRules", "Vocabulary", "WorkingTime", csv, yaml])
        + shared(
            "ObjectStore", [crypto, httpClient, logging, nio, nioHTTP1, nioPosix, systemPackage],
            testedWith: [subprocess])
        + shared("PersonalKeys", ["Contracts", "ObjectStore", "ServiceKit", crypto])
        + shared("Photos", ["CTurboJPEG", "CPNG"])
        + shared("Voice", ["CSndfile"])
        + shared("Sheets", ["CXlsxWriter"])
        + shared("Gzip", ["CZlib"])
        + service(
            "ReportIntake", rules: ["Vocabulary"], also: ["ObjectStore", "Photos", "Voice", crypto],
            resources: [.copy("OpenAPI/openapi.json")])
        + service(
            "CaseRouting", rules: ["CaseRates", "OwnerRules", "Vocabulary"],
            testFiles: ["RealClosings/recount_overdue.py"])
        + service("Points", rules: ["PointRules"], measuredAlone: true)
        + service(
            "Notifications", rules: ["NotificationWords", "OwnerRules"],
            also: ["CCurl", "ObjectStore", "PersonalKeys", crypto, httpClient, nio, nioHTTP1, nioPosix],
            testFiles: ["Outside"])
        + executable(
            "Portal",
            program + [
                "CaseRates", "ObjectStore", "Gzip", "PersonalKeys", "Sheets", crypto, httpClient, httpTypes, mustache,
                nio, nioHTTP1,
            ],
            testedWith: [jwt, subprocess, systemPackage],
            resources: [.copy("Templates"), .copy("Assets"), .copy("Words"), .copy("OpenAPI/openapi.json")],
            entryApart: true)
        + executable("EmbeddedBroker", ["Kafka", "Contracts", "ServiceKit", argumentParser, lifecycle, logging])
        + executable(
            "Suishoupai",
            [
                "Contracts", "EventProcessing", "Kafka", "NotificationWords", "OwnerRules", "PackFolder",
                "PersonalKeys", "PointRules",
                "ServiceKit", "Geography", "WorkingTime",
                argumentParser, crypto, csv, grdb, httpClient, lifecycle, logging, nio, nioHTTP1, subprocess,
                systemPackage,
                unixSignals, yaml,
            ],
            // The stores that it looks at are made by their owners' own programs.
            testedWith: ["CaseRouting", "Points", "Notifications", "ReportIntake", hummingbird, httpTypes])
        + [
            .target(
                name: "TestSupport",
                dependencies: ["Contracts", "Kafka", "EventProcessing", grdb, logging, subprocess, systemPackage],
                path: "Tests/Support", swiftSettings: swiftSettings),
            .testTarget(
                name: "EndToEndTests",
                dependencies: [
                    "TestSupport", "Contracts", "Kafka", "EventProcessing", "PackFolder", crypto, grdb, httpClient,
                    httpTypes,
                    hummingbird, hummingbirdTesting, nio, nioHTTP1, subprocess, systemPackage,
                ],
                path: "Tests/EndToEnd", exclude: ["la311-mapping.yaml", "Browser", "Reading"],
                swiftSettings: swiftSettings),
            .executableTarget(
                name: "ReadCases", dependencies: ["Contracts", "Kafka"], path: "Tests/Examples/ReadCases",
                swiftSettings: swiftSettings),
            .executableTarget(
                name: "Benchmarks",
                dependencies: [
                    "TestSupport", "Contracts", "Kafka", "EventProcessing", "Points", "Portal", argumentParser, grdb,
                    hummingbird,
                    httpClient,
                    lifecycle, logging, nio, nioHTTP1,
                ],
                path: "Tests/Benchmarks", swiftSettings: swiftSettings),
        ],
    swiftLanguageModes: [.v6]
)
