import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit

extension Pack {
    /// The offering town, which asks about garbage and street covers, and knows three places by name.
    static let asking = Pack(
        name: "town", title: "Town", version: 2, calendar: offering.calendar, communities: offering.communities,
        units: offering.units, people: [], categories: offering.categories, routingRules: [], pointRules: [],
        templates: [], webhooks: [], mergeDistance: 3_000,
        emergencies: [
            PackEmergency(
                id: "fire", words: ["着火", "fire"], exceptions: [], call: ["119"], advice: "快走。",
                englishAdvice: "Get away.")
        ],
        questions: [
            PackQuestion(
                code: "size", categories: ["E0102"], type: .singlevaluelist, text: "多少？", englishText: "How much?",
                choices: [
                    .init(key: "bags", name: "几袋", englishName: "Bags"),
                    .init(key: "truck", name: "一车", englishName: "A truckload"),
                ], hint: "估计", englishHint: "A guess"),
            PackQuestion(
                code: "kinds", categories: ["E0102"], type: .multivaluelist, text: "哪些？", englishText: "Which?",
                choices: [
                    .init(key: "food", name: "厨余", englishName: "Food"),
                    .init(key: "rubble", name: "渣土", englishName: "Rubble"),
                ]),
            PackQuestion(
                code: "words", categories: ["E0102", "P0101"], type: .string, text: "还有呢？",
                englishText: "What else?"),
            PackQuestion(
                code: "care", categories: ["P0101"], type: .text, text: "请绕行。", englishText: "Keep away.",
                informs: true),
            PackQuestion(
                code: "number", categories: ["P0101"], type: .number, text: "几个？", englishText: "How many?",
                isRequired: true),
        ],
        landmarks: [
            PackLandmark(
                id: "market", name: "名都农贸市场", englishName: "Mingdu market", latitudeE7: 286_850_000,
                longitudeE7: 1_158_550_000, aliases: ["名都菜场"]),
            PackLandmark(
                id: "station", name: "龙江驿站", englishName: "Longjiang station", latitudeE7: 286_850_000,
                longitudeE7: 1_158_650_000),
            PackLandmark(
                id: "away", name: "远方", englishName: "Far away", latitudeE7: 290_000_000, longitudeE7: 1_160_000_000),
        ])
}

extension TestClientProtocol {
    func read(_ uri: String, token: String?, fields: HTTPFields = [:]) async throws -> Answer {
        var headers = fields
        headers[.authorization] = token.map { "Bearer \($0)" }
        return try await execute(uri: uri, method: .get, headers: headers, body: nil) { Answer($0) }
    }

    func previewed(_ body: JSONValue, token: String) async throws -> Answer {
        try await execute(
            uri: "/v1/reports/preview", method: .post, headers: [.authorization: "Bearer \(token)"],
            body: ByteBuffer(string: body.text())
        ) { Answer($0) }
    }
}
