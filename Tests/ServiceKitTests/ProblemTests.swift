import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceKit
import Testing

private struct Command: Decodable {
    struct Place: Decodable { let latitude: Double }
    let place: Place
}

private struct Surprise: Error {}

private func program() -> TestProgram {
    let program = TestProgram()
    program.router.get("/things/{id}") { _, _ -> String in
        throw ProblemDetails.conflict("The case is closed. Report it anew.")
    }
    program.router.post("/things") { request, context -> JSONValue in
        .string(try await request.fields(context) { $0.string("name", length: 1...3) })
    }
    program.router.post("/decoded") { request, context -> String in
        "\(try await request.decode(as: Command.self, context: context).place.latitude)"
    }
    program.router.get("/surprise") { _, _ -> String in throw Surprise() }
    program.router.get("/teapot") { _, _ -> String in
        throw HTTPError(.gone, headers: [.retryAfter: "9"], message: "moved away")
    }
    return program
}

private func problem(_ response: TestResponse) throws -> JSONValue {
    #expect(response.headers[.contentType] == "application/problem+json")
    let json = try response.json()
    #expect(json["status"]?.integer == Int64(response.status.code))
    #expect(json["type"]?.string?.isEmpty == false && json["title"]?.string?.isEmpty == false)
    #expect(json["instance"]?.string?.hasPrefix("urn:suishoupai:request:") == true)
    return json
}

@Test func `a thrown problem is the answer`() async throws {
    let response = try await program().ask(.get, "/things/1")

    #expect(response.status == .conflict)
    let json = try problem(response)
    #expect(json["type"] == "urn:suishoupai:problem:conflict")
    #expect(json["detail"] == "The case is closed. Report it anew.")
    #expect(json["errors"] == nil)
}

@Test func `wrong fields are 422 and a body that is not JSON is 400`() async throws {
    let wrong = try await program().ask(.post, "/things", body: #"{"name":"toolong","x":1}"#)
    #expect(wrong.status == .unprocessableContent)
    #expect(
        try problem(wrong)["errors"] == [
            ["field": "name", "message": "must be 1 to 3 characters long, but has 7"],
            ["field": "x", "message": "is not a field that is known here"],
        ])

    let malformed = try await program().ask(.post, "/things", body: #"{"name""#)
    #expect(malformed.status == .badRequest)
    #expect(try problem(malformed)["detail"] == "The body is not JSON: expected a colon at byte 7.")
    #expect(try await program().ask(.post, "/things", body: #"{"name":"abc"}"#).text == #""abc""#)
}

@Test func `a body that is too large is 413`() async throws {
    let large = #"{"name":"\#(String(repeating: "x", count: 64 * 1024))"}"#
    for path in ["/things", "/decoded"] {
        let response = try await program().ask(.post, path, body: large)
        #expect(response.status == .contentTooLarge)
        #expect(try problem(response)["detail"] == "Send at most 65536 bytes.")
    }
}

@Test(arguments: [#"{}"#, #"{"place":{}}"#, #"{"place":{"latitude":"x"}}"#, "nonsense"])
func `a body that does not decode is 400`(body: String) async throws {
    let response = try await program().ask(.post, "/decoded", body: body)
    #expect(response.status == .badRequest)
    _ = try problem(response)
}

@Test func `an unknown address is 404 and a wrong method 405`() async throws {
    let missing = try await program().ask(.get, "/nowhere")
    #expect(missing.status == .notFound)
    #expect(try problem(missing)["type"] == "urn:suishoupai:problem:not-found")

    let wrong = try await program().ask(.delete, "/things/7")
    #expect(wrong.status == .methodNotAllowed)
    #expect(wrong.headers[.allow] == "GET, HEAD")
    #expect(try problem(wrong)["detail"] == "Use one of: GET, HEAD.")
    #expect(try await program().ask(.head, "/health/live").status == .ok)
}

@Test func `an unexpected error is 500 with an incident that the log knows`() async throws {
    let program = program()
    let response = try await program.ask(.get, "/surprise")

    #expect(response.status == .internalServerError)
    let incident = try #require(try problem(response)["incident"]?.string)
    let line = try #require(program.log.lines.first { $0.contains("Request failed unexpectedly") })
    #expect(try JSONValue(text: line)["incident"]?.string == incident)
    #expect(line.contains("Surprise"))
    #expect(!response.text.contains("Surprise"))
}

@Test func `an error of the framework keeps its status and headers`() async throws {
    let response = try await program().ask(.get, "/teapot")
    #expect(response.status == .gone)
    #expect(response.headers[.retryAfter] == "9")
    #expect(try problem(response)["detail"] == "moved away")
}

@Test func `problems that pass with time say when to come back`() {
    #expect(ProblemDetails.tooManyRequests(retryAfter: .milliseconds(1_200)).headers[.retryAfter] == "2")
    #expect(ProblemDetails.unavailable(retryAfter: .zero).headers[.retryAfter] == "1")
    #expect(ProblemDetails.unauthorized().headers[.wwwAuthenticate] == #"Bearer realm="suishoupai""#)
    #expect(ProblemDetails.forbidden("x").status == .forbidden)
    #expect(ProblemDetails.notFound().status == .notFound)
}

@Test func `a request keeps the id its sender gave it, if it is a plain one`() async throws {
    let given = try await program().ask(.get, "/health/live", headers: [.requestID: "abc-1.2_3"])
    #expect(given.headers[.requestID] == "abc-1.2_3")
    let crooked = try await program().ask(.get, "/health/live", headers: [.requestID: "a b\"c"])
    #expect(crooked.headers[.requestID] != "a b\"c" && crooked.headers[.requestID] != nil)
}

@Test func `logs carry neither credentials nor what was sent`() async throws {
    let program = TestProgram(
        verifier: TokenVerifier(
            .dataFolder(try await withTemporaryFolder { try DataFolderKeys(.jwt, in: $0) }), issuer: nil,
            now: { noon }))
    program.router.post("/things") { request, context -> JSONValue in
        context.logger.debug(
            "Header seen",
            metadata: ["authorization": "\(request.headers[.authorization] ?? "")", "http.cookie": "planted-cookie"])
        return .string(try await request.fields(context) { $0.string("name", length: 1...3) })
    }
    program.router.get("/surprise") { _, _ -> String in throw Surprise() }
    let headers: HTTPFields = [.authorization: "Bearer planted-secret", .cookie: "session=planted-cookie"]

    for (method, path) in [
        (HTTPRequest.Method.post, "/things?api_key=planted-query"), (.get, "/surprise"), (.get, "/no"),
    ] {
        _ = try await program.ask(method, path, headers: headers, body: #"{"name":"planted-text"}"#)
    }
    try await program.application.test(.live) { client in
        _ = try await client.execute(uri: "/surprise?x=planted-query", method: .get, headers: headers)
    }

    #expect(program.log.lines.count >= 5)
    #expect(program.log.lines.contains { $0.contains(#""authorization":"***""#) })
    for line in program.log.lines { #expect(!line.contains("planted"), "\(line)") }
}
