import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

@Test func `the description is served to everybody, as it stands in the file`() async throws {
    try await IntakeUnderTest.run { _, client in
        let answer = try await client.execute(uri: "/openapi.json", method: .get) { $0 }

        #expect(answer.status == .ok)
        #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
        #expect(answer.headers[.accessControlAllowOrigin] == "*")
        #expect(Data(answer.body.readableBytesView) == (try Data(contentsOf: OpenAPIRoutes.file)))
    }
}

@Test func `every door is described, and nothing that is no door`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        let described = try DescribedDoors().names
        let routed = Set(
            intake.router().routes.filter { DescribedDoors.methods.contains($0.method.rawValue) }.map(\.description))

        #expect(routed.subtracting(described).sorted() == [], "these are doors, and not described")
        #expect(described.subtracting(routed).sorted() == [], "these are described, and no doors")
    }
}

@Test func `whatever is referred to in the description is there`() throws {
    let document = try DescribedDoors.document()
    let references = document.references
    #expect(references.count > 100)
    for reference in references {
        let path = reference.dropFirst("#/".count).split(separator: "/")
        let found = path.reduce(document as JSONValue?) { $0?[String($1)] }
        #expect(found != nil, "\(reference)")
    }
}

/// Every call that the description knows, spelled as the router spells it.
struct DescribedDoors {
    /// What HEAD and OPTIONS answer follows from these.
    static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    let names: Set<String>

    init() throws {
        guard case .object(let paths)? = try Self.document()["paths"] else { throw CocoaError(.fileReadCorruptFile) }
        var names: Set<String> = []
        for (path, item) in paths {
            guard case .object(let members) = item else { continue }
            let calls = members.keys.map { $0.uppercased() }.filter(Self.methods.contains)
            for format in path.contains("{format}") ? Open311Format.allCases.map(\.rawValue) : [""] {
                let path = path.replacing("{format}", with: format)
                names.formUnion(calls.map { "\($0) \(path)" })
            }
        }
        self.names = names
    }

    static func document() throws -> JSONValue { try JSONValue(parsing: try Data(contentsOf: OpenAPIRoutes.file)) }
}

extension JSONValue {
    /// Every `$ref` in it.
    fileprivate var references: [String] {
        switch self {
        case .object(let members): members.flatMap { $0.key == "$ref" ? [$0.value.string ?? ""] : $0.value.references }
        case .array(let elements): elements.flatMap(\.references)
        default: []
        }
    }
}
