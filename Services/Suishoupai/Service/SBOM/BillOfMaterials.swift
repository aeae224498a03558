import Foundation

/// What the programs are made of, as CycloneDX 1.5 writes it.
struct BillOfMaterials: Codable, Equatable, Sendable {
    struct Component: Codable, Equatable, Sendable {
        enum CodingKeys: String, CodingKey {
            case type
            case reference = "bom-ref"
            case name
            case version
            case purl
        }

        let type: String
        let reference: String
        let name: String
        let version: String
        let purl: String

        init(type: String = "library", name: String, version: String, purl: String) {
            self.type = type
            reference = purl
            self.name = name
            self.version = version
            self.purl = purl
        }
    }

    struct Metadata: Codable, Equatable, Sendable {
        let timestamp: String
        let component: Component
    }

    let bomFormat: String
    let specVersion: String
    let version: Int
    let metadata: Metadata
    /// Sorted by package URL.
    let components: [Component]

    init(at moment: String, of components: [Component]) {
        bomFormat = "CycloneDX"
        specVersion = "1.5"
        version = 1
        metadata = Metadata(
            timestamp: moment,
            component: Component(
                type: "application", name: "suishoupai", version: "unreleased", purl: "pkg:generic/suishoupai"))
        self.components = components.sorted { $0.purl < $1.purl }
    }
}

/// The Swift packages that were built in, as `Package.resolved` pins them.
struct ResolvedPackages: Decodable {
    private struct Pin: Decodable {
        struct State: Decodable {
            let revision: String?
            let version: String?
        }

        let identity: String
        let location: String
        let state: State
    }

    private let pins: [Pin]

    static func read(_ file: URL) throws -> [BillOfMaterials.Component] {
        try JSONDecoder().decode(ResolvedPackages.self, from: Data(contentsOf: file)).components
    }

    private var components: [BillOfMaterials.Component] {
        pins.map { pin in
            let version = pin.state.version ?? pin.state.revision ?? "unknown"
            return BillOfMaterials.Component(
                name: pin.identity, version: version, purl: "pkg:swift/\(Self.path(pin.location))@\(version)")
        }
    }

    /// `github.com/apple/swift-nio` of `https://github.com/apple/swift-nio.git`.
    private static func path(_ location: String) -> String {
        let bare = location.split(separator: "://", maxSplits: 1).last.map(String.init) ?? location
        return bare.hasSuffix(".git") ? String(bare.dropLast(4)) : bare
    }
}
