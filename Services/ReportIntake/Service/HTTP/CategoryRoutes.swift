import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// Tells apps what may be reported and what is asked about it, so that they can build forms: `GET /v1/categories`.
struct CategoryRoutes: Sendable {
    let communities: CommunityFinder

    func add(to router: Router<ServiceRequestContext>) {
        router.group("v1/categories", context: AuthenticatedRequestContext.self).get { request, _ in
            list(request)
        }
    }

    private func list(_ request: Request) -> Response {
        let guidance = communities.guidance
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8", .cacheControl: "private, no-cache"]
        if let hash = guidance.packHash {
            // All of it follows from the pack's bytes.
            let tag = "\"\(hash)\""
            headers[.eTag] = tag
            if request.headers[.ifNoneMatch]?.contains(tag) == true {
                return Response(status: .notModified, headers: headers)
            }
        }
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: guidance.catalogue.bytes())))
    }
}

extension Guidance {
    fileprivate var catalogue: JSONValue {
        var members: [String: JSONValue] = [
            "items": .array(categories.map { $0.json(asking: questionnaire.questions(about: $0.code)) })
        ]
        members["packHash"] = packHash.map { .string($0) }
        return .object(members)
    }
}

extension PackCategory {
    fileprivate func json(asking questions: [PackQuestion]) -> JSONValue {
        [
            "code": .string(code.rawValue),
            "name": .string(name),
            "englishName": .string(englishName),
            "kind": .string(kind.rawValue),
            "questions": .array(questions.map(\.json)),
        ]
    }
}

extension PackQuestion {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "code": .string(code), "type": .string(type.rawValue), "text": .string(text),
            "englishText": .string(englishText), "informs": .bool(informs), "required": .bool(isRequired),
        ]
        members["hint"] = hint.map { .string($0) }
        members["englishHint"] = englishHint.map { .string($0) }
        if type.isList {
            members["values"] = .array(
                choices.map { choice in
                    [
                        "key": .string(choice.key), "name": .string(choice.name),
                        "englishName": .string(choice.englishName),
                    ]
                })
        }
        return .object(members)
    }
}
