import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import ReportIntake

extension DescribedDoors {
    /// The doors of intake.
    static func ofIntake() throws -> DescribedDoors {
        try DescribedDoors(IntakeCore.descriptionFile, formats: Open311Format.allCases.map(\.rawValue))
    }
}

@Test func `the description is served to everybody, as it stands in the file`() async throws {
    try await IntakeUnderTest.run { _, client in
        let answer = try await client.execute(uri: "/openapi.json", method: .get) { $0 }

        #expect(answer.status == .ok)
        #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
        #expect(answer.headers[.accessControlAllowOrigin] == "*")
        #expect(Data(answer.body.readableBytesView) == (try Data(contentsOf: IntakeCore.descriptionFile)))
    }
}

@Test func `every door is described, and nothing that is no door`() async throws {
    try await IntakeUnderTest.run { intake, _ in
        let described = try DescribedDoors.ofIntake().names
        let routed = Set(
            intake.router().routes.filter { DescribedDoors.methods.contains($0.method.rawValue) }.map(\.description))

        #expect(routed.subtracting(described).sorted() == [], "these are doors, and not described")
        #expect(described.subtracting(routed).sorted() == [], "these are described, and no doors")
    }
}

@Test func `whatever is referred to in the description is there`() throws {
    let described = try DescribedDoors.ofIntake()
    #expect(described.references.count > 100)
    #expect(described.brokenReferences == [])
}
