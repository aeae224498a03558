import Contracts
import Foundation
import PackFolder
import Testing

@Test(arguments: Mutation.all)
func `a spoilt pack gives exactly the problem named`(_ mutation: Mutation) throws {
    let reading = try readNanchang(after: mutation.edits)

    let problem = try #require(reading.problems.first)
    #expect(reading.problems.count == 1, "\(PackProblems(reading.problems))")
    #expect(problem.kind == mutation.kind)
    #expect(problem.file == mutation.file.rawValue)
    #expect(problem.description.contains(mutation.says), "\(problem)")
    if let position = mutation.position { #expect(problem.position == position) }
    #expect((reading.pack == nil) == (problem.severity == .error))
}

@Test func `every kind of problem is among the mutations`() {
    #expect(Set(Mutation.all.map(\.kind)) == Set(PackProblemKind.allCases))
}

@Test func `all problems are told at once, in the order of the files`() throws {
    let reading = try readNanchang(after: [
        .replace(.points, "points: 5", with: "points: 0"),
        .replace(.points, "personDay: 50", with: "personDay: -1"),
        .replace(.communities, "[115.9402, 28.6893],", with: "[28.6893, 115.9402],"),
        .replace(.communities, "[115.9602, 28.6842],", with: "[],"),
        .replace(.people, "admin-1,admin", with: "admin-1,boss"),
    ])

    #expect(
        reading.problems.map(\.kind) == [.brokenOutline, .brokenOutline, .unknownRole, .badPoints, .negativeCap])
    #expect(reading.problems.compactMap(\.position).contains(.feature(2)))
}

@Test func `loading a spoilt pack throws the problems and loading with warnings does not`() throws {
    try withTemporaryFolder { folder in
        let empty = #expect(throws: PackProblems.self) { try PackFolder.load(folder) }
        #expect(empty?.problems.count == PackFile.allCases.count { !$0.isOptional })
        #expect(empty?.problems.allSatisfy { $0.kind == .missingFile } == true)
    }
    let warned = try readNanchang(after: [.replace(.points, "personDay: 50", with: "personDay: 15")])
    #expect(warned.pack?.points?.caps?.personDay == 15)
}

@Test func `a last rule without conditions is a safety net, one before others takes all from them`() throws {
    let last = try readNanchang(after: [.append(.routing, "R100: everything -> subdistrict\n")])
    #expect(last.problems.isEmpty, "\(PackProblems(last.problems))")

    let first = try readNanchang(after: [
        .replace(.routing, "R11: E0102", with: "R1: everything -> subdistrict\nR11: E0102")
    ])
    #expect(first.problems.count == 19)
    #expect(first.problems.allSatisfy { $0.kind == .ruleNeverFires })
}

@Test func `a problem keeps its place through JSON`() throws {
    for position in [PackProblem.Position.line(3), .character(line: 3, column: 9), .row(4), .feature(5)] {
        let problem = PackProblem(
            kind: .duplicate, file: "units.csv", position: position, problem: "twice", remedy: "once")
        let json = try JSONEncoder().encode(problem)
        #expect(try JSONDecoder().decode(PackProblem.self, from: json) == problem)
    }
}

@Test func `a pack from before there were emergencies, weights, questions and landmarks stays as it was`() throws {
    let categories = [Edit.replace(.categories, "着火:11;起火:11;火灾:11;", with: "着火;火灾;")]
    let english = [Edit.replace(.categories, "on fire:11;injured:11", with: "on fire")]
    let later = [
        Edit.remove(.emergencies), .remove(.questions), .remove(.landmarks), .remove(.compounds), .remove(.duties),
    ]
    // A pack without compounds has no rule for what is inside them.
    let rules = [
        Edit.overwrite(
            .routing, Data("R1: everything, in mingdu -> mingdu-property\nR2: everything -> subdistrict\n".utf8))
    ]

    let reading = try readNanchang(after: later + categories + english + rules)

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    let pack = try #require(reading.pack)
    #expect(pack.emergencies == nil)
    #expect(pack.categories.allSatisfy { $0.weights == nil })
    // Not a trace of the new fields in the bytes, so that its hash stays the same.
    let json = String(decoding: try ContractCoding.encode(pack), as: UTF8.self)
    #expect(!json.contains("\"weights\""))
    #expect(!json.contains("\"emergencies\""))
    #expect(!json.contains("\"questions\""))
    #expect(!json.contains("\"landmarks\""))
    #expect(!json.contains("\"compounds\""))
    #expect(!json.contains("\"duties\""))
}

@Test func `a word says its weight behind a colon of either width, and what is no number belongs to the word`() throws {
    let reading = try readNanchang(after: [
        .replace(.categories, "暴露垃圾;生活垃圾;", with: "暴露垃圾：40;生活垃圾 : 7;时段 7:30a;")
    ])

    let category = try #require(reading.pack?.categories.first { $0.code == "E0102" })
    #expect(category.keywords.prefix(3) == ["暴露垃圾", "生活垃圾", "时段 7:30a"])
    #expect(category.weights?.prefix(3) == [40, 7, 12])
    #expect(category.weights?.count == category.keywords.count)
}
