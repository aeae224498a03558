import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Photos
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

/// A multipart form: what a part is called, whether it is a file, what is in it.
private func multipart(_ parts: [(String, String?, String)], boundary: String = "b-1") -> String {
    parts.map { name, file, content in
        let fileName = file.map { "; filename=\"\($0)\"" } ?? ""
        return "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(fileName)\r\n\r\n\(content)\r\n"
    }.joined() + "--\(boundary)--\r\n"
}

private let type = "multipart/form-data; boundary=b-1"

@Test func `a multipart form is read like any other`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let form = multipart([
            ("api_key", nil, key), ("service_code", nil, "E0102"), ("lat", nil, "28.6829"), ("long", nil, "115.8551"),
            ("description", nil, "第一行\r\n第二行"), ("media", "", ""),
        ])

        for type in [type, "Multipart/Form-Data; charset=utf-8; Boundary=\"b-1\""] {
            #expect(try await client.post(body: form, type: type).status == 200)
        }
        #expect(try intake.outbox().first?.data.description == "第一行\r\n第二行")
    }
}

/// A form with photos beside its words.
private func form(_ key: String, photos: [[UInt8]], keyFirst: Bool = false, lat: String = "28.6829") -> [UInt8] {
    let words = multipart([
        ("api_key", nil, key), ("service_code", nil, "E0102"), ("lat", nil, lat), ("long", nil, "115.8551"),
    ])
    let first = "--b-1\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\n\(key)\r\n"
    let parts = photos.enumerated().flatMap { number, bytes in
        Array("--b-1\r\nContent-Disposition: form-data; name=\"photo\(number)\"; filename=\"1.jpg\"\r\n\r\n".utf8)
            + bytes + Array("\r\n".utf8)
    }
    return (keyFirst ? Array(first.utf8) : []) + parts + Array(words.utf8)
}

@Test func `photos come with the request, each once`() async throws {
    let picture = Picture(width: 32, height: 32, pixels: (0..<32 * 32 * 3).map { UInt8(truncatingIfNeeded: $0 / 30) })
    let photos = [try JPEGWriter.write(picture, quality: 90), try JPEGWriter.write(picture, quality: 60)]
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let body = form(key, photos: photos + [photos[0]])

        let reply = try await client.post(bytes: body, type: type, key: "k-1")
        let again = try await client.post(bytes: body, type: type, key: "k-1")
        let other = try await client.post(bytes: form(key, photos: [photos[1]]), type: type, key: "k-1")

        #expect(reply.status == 200)
        #expect(again.text == reply.text)
        #expect(other.status == 400)
        #expect(try intake.count("report") == 1)
        let told = try #require(try intake.outbox().first?.data.photos)
        #expect(told.count == 2)
        #expect(try await intake.core.desk.shelves.photos.find(told[0].id, of: "platform-a") != nil)
    }
}

@Test func `what is no photo, or too many, or too large, is refused in words`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let none = try await client.post(bytes: form(key, photos: [Array("no photo".utf8)]), type: type)
        #expect(none.status == 400)
        #expect(try none.descriptions().count == 1)

        let many = try await client.post(bytes: form(key, photos: Array(repeating: [1], count: 7)), type: type)
        #expect(try many.descriptions() == ["A request has at most 6 photos."])

        let size = MultipartForm.largest
        let large = try await client.post(
            bytes: form(key, photos: [Array(repeating: UInt8(ascii: "x"), count: size)], keyFirst: true), type: type)
        #expect(large.status == 413)
        #expect(try large.descriptions() == ["A form with its files has at most 20 MB."])
        #expect(try intake.count("report") == 0)
    }
}

@Test(arguments: [
    ("", type), ("--b-1", type), ("--b-1\r\n", type),
    ("--b-1\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b-1--", type),
    ("--b-1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", type), ("--b-1\r\n\r\n--b-1--", type),
    ("no form", type), (multipart([("a", nil, "b")]), "multipart/form-data"),
    (multipart(Array(repeating: ("a", nil, "b"), count: 201)), type), ("service_code=E0102", "text/plain"),
    ("{}", "application/json"),
])
func `a body that is no form is refused`(body: String, type: String) async throws {
    try await IntakeUnderTest.run(pack: .offering) { _, client in
        let reply = try await client.post(body: body, type: type)
        #expect(reply.status == 400)
        #expect(try reply.descriptions().count == 1)
    }
}

@Test func `damaged forms are read or refused, and nothing else`() throws {
    var generator = SeededGenerator()
    let sample = form("key", photos: [[0xFF, 0xD8, 0x0D, 0x0A, 0x2D, 0x2D]])
    var outcomes = (read: 0, refused: 0)
    for _ in 0..<3_000 {
        var bytes = sample
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = .random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: "\r\n--b-1".utf8.prefix(place % 8), at: place)
            default: bytes.removeLast(min(place % 5, bytes.count - 1))
            }
        }
        do {
            _ = try Open311Arguments(try MultipartForm.parts(of: bytes, boundary: "b-1"))
            _ = MultipartForm.boundary(of: String(decoding: bytes, as: UTF8.self))
            _ = try Open311Arguments(urlEncoded: String(decoding: bytes, as: UTF8.self))
            outcomes.read += 1
        } catch let fault as Open311Fault {
            #expect(fault.status == .badRequest)
            outcomes.refused += 1
        } catch is MultipartForm.Malformed {
            outcomes.refused += 1
        }
    }
    #expect(outcomes.read > 100 && outcomes.refused > 100)
}

@Test func `a form without a type is refused`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { _, client in
        let reply = try await client.post(body: "service_code=E0102", type: nil)
        #expect(reply.status == 400)
    }
}

@Test func `arguments that are empty are not given, the others in their order`() throws {
    let arguments = try Open311Arguments(
        urlEncoded: "a=1&a=2&b=&c&d=x%20y+z&e=%E6%A1%A5&list=1,,%202%20&list=3&attribute[X][]=1&attribute[X][]=2")

    #expect(arguments["a"] == "1")
    #expect(arguments.values["a"] == ["1", "2"])
    #expect(arguments["b"] == nil)
    #expect(arguments["c"] == nil)
    #expect(arguments["d"] == "x y z")
    #expect(arguments["e"] == "桥")
    #expect(arguments.list("list") == ["1", "2", "3"])
    #expect(arguments.attributes == ["X": ["1", "2"]])
}

@Test func `texts come through XML as they are, but for what XML cannot write`() throws {
    let text = "<a href='x'>&amp; \"桥\" 😀]]>\n\t"
    let tree = ResponseTree.members([
        "text": .text(text), "odd": .text("a\u{0B}b\u{FFFE}c"), "none": .null, "number": .number(28.5),
        "whole": .number(28), "flag": .flag(false), "list": .list(of: "one", [.integer(1), .integer(2)]),
    ])

    let bytes = Open311Format.xml.bytes(tree, root: "root")

    let written = String(decoding: bytes, as: UTF8.self)
    #expect(written.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\""))
    let root = try Element(parsing: bytes)
    #expect(root.name == "root")
    #expect(root["text"]?.text == text)
    #expect(root["odd"]?.text == "abc")
    #expect(root["none"]?.text.isEmpty == true)
    #expect(root["number"]?.text == "28.5")
    #expect(root["whole"]?.text == "28")
    #expect(root["list"]?.children.map(\.name) == ["one", "one"])
    #expect(root["list"]?.children.map(\.text) == ["1", "2"])
    #expect(tree.json["text"]?.string == text)
    #expect(tree.json["list"] == [1, 2])
}
