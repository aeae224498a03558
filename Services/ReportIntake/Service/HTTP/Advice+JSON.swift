import Contracts
import ReportIntakeDomain
import ServiceKit
import Vocabulary

extension EmergencyAdvice {
    /// As every door answers it.
    var json: JSONValue {
        [
            "call": .array(call.map { .string($0) }), "words": .array(words.map { .string($0) }),
            "advice": .string(advice),
        ]
    }
}

extension NearestCommunity {
    /// The distance is in whole metres.
    var json: JSONValue {
        ["id": .string(id.rawValue), "name": .string(name), "distance": .integer(Int64(distance))]
    }
}

extension Preview {
    /// With the names that the pack has for the categories.
    func json(by guidance: Guidance) -> JSONValue {
        var members: [String: JSONValue] = [
            "publicDescription": .string(publicDescription),
            "hidden": .array(hidden.map { .string($0.rawValue) }),
            "location": ["latitude": .number(location.latitude), "longitude": .number(location.longitude)],
            "communityId": .string(communityId.rawValue),
        ]
        members["publicAddress"] = publicAddress.map { .string($0) }
        if !publicAnswers.isEmpty { members["publicAnswers"] = .array(publicAnswers.map(\.json)) }
        members["nearestCommunity"] = nearest?.json
        members["category"] = category.map { .string($0.rawValue) }
        members["guess"] = guess?.json(by: guidance)
        members["emergency"] = emergency?.json
        return .object(members)
    }
}

extension Guess {
    /// Candidates to ask with stand there in any case; `isSure` says whether asking is needed.
    fileprivate func json(by guidance: Guidance) -> JSONValue {
        var members: [String: JSONValue] = [
            "isSure": .bool(isSure), "sureness": .integer(Int64(sureness)),
            "candidates": .array(
                candidates.prefix(Self.mostShown).map { candidate in
                    var members: [String: JSONValue] = [
                        "category": .string(candidate.category.rawValue), "score": .integer(Int64(candidate.score)),
                        "words": .array(candidate.words.map { .string($0) }),
                    ]
                    let category = guidance.category(candidate.category)
                    members["name"] = category.map { .string($0.name) }
                    members["englishName"] = category.map { .string($0.englishName) }
                    return .object(members)
                }),
        ]
        if isSure { members["category"] = category.map { .string($0.rawValue) } }
        return .object(members)
    }

    /// More than so many are no question any more.
    private static let mostShown = 5
}
