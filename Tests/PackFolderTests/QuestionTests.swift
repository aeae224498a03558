import Contracts
import Foundation
import PackFolder
import Testing

private let header = "code,categories,type,text,englishText,required,values,order,informs\n"

private func read(_ rows: String) throws -> PackFolder.Reading {
    try readNanchang(after: [.overwrite(.questions, Data((header + rows).utf8))])
}

@Test func `questions are asked in the order of their numbers, then as they stand`() throws {
    let reading = try read(
        """
        d,E0102,string,甲,A,,,,
        a,E0102,string,乙,B,,,2,
        c,E0102,string,丙,C,,,,
        e,E0102,string,丁,D,,,1,
        b,E0102,string,戊,E,,,2,

        """)

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    #expect(reading.pack?.questions?.map(\.code) == ["e", "a", "b", "d", "c"])
    #expect(reading.contents.questions == 5)
}

@Test(arguments: ["0", "first", "1.5"]) func `an order that is no whole number from 1 is told`(order: String) throws {
    let reading = try read("a,E0102,string,甲,A,,,\(order),\n")

    #expect(reading.problems.map(\.kind) == [.badValue])
    #expect(reading.problems.first?.problem == "order is \(order)")
}

@Test func `a question says all that it is, whatever width its marks have`() throws {
    let reading = try read("q,S010*;E0102,singlevaluelist,多少？,How much?,true,few：几袋 ｜ A few；many:很多|Many,,\n")

    #expect(
        reading.pack?.questions == [
            PackQuestion(
                code: "q", categories: ["S0101", "S0102", "S0103", "S0104", "S0105", "E0102"], type: .singlevaluelist,
                text: "多少？", englishText: "How much?", isRequired: true,
                choices: [
                    .init(key: "few", name: "几袋", englishName: "A few"),
                    .init(key: "many", name: "很多", englishName: "Many"),
                ])
        ], "\(PackProblems(reading.problems))")
}

@Test func `one landmark may have the same name in both languages`() throws {
    let reading = try readNanchang(after: [.replace(.landmarks, "Mingdu market", with: "名都农贸市场")])

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
}

@Test func `a place with many decimals is kept to a centimetre`() throws {
    let reading = try readNanchang(after: [
        .replace(.landmarks, "28.6850,115.9485", with: "28.68500004,115.94849996")
    ])

    let gate = try #require(reading.pack?.landmarks?.first)
    #expect(gate.location == Location(latitudeE7: 286_850_000, longitudeE7: 1_159_485_000))
}
