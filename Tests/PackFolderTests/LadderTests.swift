import Contracts
import Foundation
import PackFolder
import Testing

extension Mutation {
    /// Of the levels above the handler.
    static let ladder: [Mutation] = [
        Mutation(.badLimit, .replace(.ladder, "after: 1d", with: "after: 1x"), in: .ladder, at: .line(9), says: "1x"),
        Mutation(
            .missingValue, .replace(.ladder, "  english: street\n", with: ""), in: .ladder, at: .line(7),
            says: "english"),
        Mutation(
            .unknownUnit, .replace(.ladder, "unit: subdistrict", with: "unit: nobody"), in: .ladder, at: .line(10),
            says: "nobody"),
        Mutation(
            .unknownKey, .replace(.ladder, "  after: 2w", with: "  after: 2w\n  then: 2w"), in: .ladder, says: "then"),
        Mutation(.duplicate, .replace(.ladder, "level: 区", with: "level: 街道"), in: .ladder, at: .line(11), says: "街道"),
    ]
}

@Test func `the demo pack's ladder leads from the unit head over the street to the district`() throws {
    let demo = try PackFolder.load(nanchang)

    #expect(
        demo.loop?.ladder == [
            PackLevel(name: "单位负责人", englishName: "unit head", after: "2w", unitId: nil),
            PackLevel(name: "街道", englishName: "street", after: "1d", unitId: "subdistrict"),
            PackLevel(name: "区", englishName: "district", after: "2d", unitId: "district-office"),
        ])
}

@Test func `a pack without a ladder escalates nothing`() throws {
    let reading = try readNanchang(after: [.remove(.ladder)])

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    #expect(reading.pack?.loop == nil)
}
