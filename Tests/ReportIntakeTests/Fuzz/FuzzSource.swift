import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit
import TestSupport

/// Makes the requests of the corpus: each is right at first, and most are then made wrong in one way or several.
///
/// The same seed on the same ground makes the same requests.
struct FuzzSource {
    let ground: FuzzGround
    var generator: SeededGenerator

    init(seed: UInt64, ground: FuzzGround) {
        generator = SeededGenerator(seed: seed)
        self.ground = ground
    }

    mutating func next() -> FuzzRequest {
        var request = door()
        guard !chance(4) else { return request }
        request.file = nil
        repeat { spoil(&request) } while chance(3)
        return request
    }

    // MARK: - Chance

    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &generator) == 0 }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func one<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    // MARK: - Doors

    private mutating func door() -> FuzzRequest {
        var request = doorWithoutSender()
        if !request.path.hasPrefix("/open311") || chance(2) {
            request.headers[.authorization] = "Bearer \(one(ground.tokens))"
        }
        if request.method != .get, chance(3) { request.headers[.idempotencyKey] = "key-\(number(1...500))" }
        return request
    }

    private mutating func doorWithoutSender() -> FuzzRequest {
        switch number(0...22) {
        case 20: return voiceNote()
        case 21, 22: return reportForm()
        case 0...3: return json("/v1/reports", .post, report())
        case 4: return json("/v1/reports/preview", .post, report())
        case 5: return stream()
        case 6:
            return FuzzRequest(
                method: .get,
                path:
                    "/v1/reports/nearby?\(query(place() + [("radius", "\(number(0...1_001))"), ("category", "E0102"), ("datum", "gcj02")]))"
            )
        case 7: return FuzzRequest(method: .get, path: "/v1/reports/\(one(ground.reports))")
        case 8: return amendment("/v1/reports/\(one(ground.reports))")
        case 9: return amendment("/v1/follow/\(one(ground.links))")
        case 10: return FuzzRequest(method: .get, path: "/v1/follow/\(one(ground.links))")
        case 11: return photo()
        case 12: return FuzzRequest(method: .get, path: one(ground.pictures))
        case 13, 14: return posted("/open311/v2/requests", request())
        case 15: return posted("/open311/v2/servicerequestupdates", update())
        case 16, 17: return FuzzRequest(method: .get, path: open311Path())
        case 18: return FuzzRequest(method: .get, path: one(ground.otherDoors))
        default: return FuzzRequest(method: .post, path: one(ground.otherDoors), body: bytes(number(0...64)))
        }
    }

    private func json(_ path: String, _ method: HTTPRequest.Method, _ object: RawObject) -> FuzzRequest {
        FuzzRequest(
            method: method, path: path, headers: [.contentType: "application/json"], body: Array(object.text.utf8))
    }

    private mutating func stream() -> FuzzRequest {
        var lines = (0..<number(1...8)).map { _ in report().text }
        if chance(3) { lines.insert(one(OddValues.json), at: 0) }
        let end = one(["\n", "\r\n", "\n\n"])
        return FuzzRequest(
            method: .post, path: "/v1/reports/stream", headers: [.contentType: "application/x-ndjson"],
            body: Array(lines.joined(separator: end).utf8))
    }

    private mutating func amendment(_ path: String) -> FuzzRequest {
        switch number(0...2) {
        case 0: return FuzzRequest(method: .delete, path: path)
        case 1: return json(path, .patch, spoiled(RawObject(members: [("description", words()), ("photos", "[]")])))
        default: return json("\(path)/additions", .post, spoiled(RawObject(members: [("text", words())])))
        }
    }

    private mutating func photo() -> FuzzRequest {
        guard chance(2) else {
            return FuzzRequest(
                method: .post, path: "/v1/photos", headers: [.contentType: "image/jpeg"], body: one(ground.photoBytes))
        }
        let bytes = newFile(ground.jpeg)
        return FuzzRequest(
            method: .post, path: "/v1/photos", headers: [.contentType: "image/jpeg"], body: bytes.body, file: bytes.id)
    }

    private mutating func voiceNote() -> FuzzRequest {
        let bytes = newNote()
        return FuzzRequest(
            method: .post, path: "/v1/voice-notes", headers: [.contentType: "audio/wav"], body: bytes.body,
            file: bytes.id)
    }

    /// A file that nobody else sends, by what follows its end.
    mutating func newFile(_ file: [UInt8]) -> (body: [UInt8], id: String) {
        let body = file + bytes(12)
        return (body, ContentHash.sha256(body))
    }

    /// A voice note that nobody else sends, by what it tells of itself.
    private mutating func newNote() -> (body: [UInt8], id: String) {
        let body = SampleSound.wav(ground.tone, more: SampleSound.chunk("LIST", bytes(12)))
        return (body, ContentHash.sha256(body))
    }

    /// A report with its photo and its voice note in one form.
    private mutating func reportForm() -> FuzzRequest {
        let isPhoto = chance(2)
        let file = isPhoto ? newFile(ground.jpeg) : newNote()
        let name = isPhoto ? "photo" : "voiceNote"
        let parts: [(String, [UInt8])] = [("report", Array(report().text.utf8)), (name, file.body)]
        let body = parts.flatMap { name, bytes in
            Array("--b-1\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"a\\\"b\"\r\n\r\n".utf8) + bytes
                + Array("\r\n".utf8)
        }
        return FuzzRequest(
            method: .post, path: "/v1/reports", headers: [.contentType: "multipart/form-data; boundary=b-1"],
            body: body + Array("--b-1--\r\n".utf8), file: file.id)
    }

    // MARK: - What is said

    private mutating func words() -> String { RawObject.quoted(one(OddValues.texts)) }

    mutating func place() -> [(String, String)] {
        let latitude = one(["28.6829", "28.69", "90", "-90", "91", "nan", "1e999"])
        return [("latitude", latitude), ("longitude", one(["115.8551", "115.86", "180", "-180.1", "inf", ""]))]
    }

    private mutating func report() -> RawObject {
        let spot = RawObject(members: [("latitude", "28.6829"), ("longitude", "115.8551")])
        var object = RawObject(members: [
            ("description", RawObject.quoted("井盖破损 \(number(1...99))")), ("location", spot.text),
        ])
        let more: [(String, String)] = [
            ("kind", "\"request\""), ("category", "\"E0102\""), ("address", words()),
            ("observedAt", "\"2026-03-01T08:30:00Z\""),
            ("externalId", "\"x-\(number(1...500))\""), ("reporterId", "\"rider-\(number(1...9))\""),
            ("photos", "[\"\(one(ground.photos))\"]"), ("voiceNotes", "[\"\(one(ground.voiceNotes))\"]"),
            ("answers", "{\"q\":[\"a\",\"b\"]}"),
            ("answers", "{\"size\":\"bags\",\"kinds\":[\"food\"],\"words\":\(words())}"), ("supports", "\"case-1\""),
            ("description", RawObject.quoted("着火 \(number(1...99))")),
            (
                "capture",
                "{\"nonce\":\"\(one(ground.nonces))\",\"capturedAt\":\"2026-03-01T08:30:00Z\",\"accuracy\":1.5,\"location\":\(spot.text)}"
            ),
            ("identity", "\"anonymous\""), ("idempotencyKey", "\"line-\(number(1...500))\""),
            ("landmark", "\"east-gate\""), ("landmark", "\"market\""),
        ]
        for _ in 0..<number(0...2) { object.members.append(one(more)) }
        return spoiled(object)
    }

    /// One object in three is spoiled as an object, so that its text is JSON still, most often.
    private mutating func spoiled(_ object: RawObject) -> RawObject {
        guard chance(3), !object.members.isEmpty else { return object }
        var object = object
        let position = number(0...object.members.count - 1)
        switch number(0...4) {
        case 0: object.members.remove(at: position)
        case 1: object.members.append(object.members[position])
        case 2: object.members.append((one(OddValues.texts), one(OddValues.json)))
        default: object.members[position].text = one(OddValues.json)
        }
        return object
    }
}
