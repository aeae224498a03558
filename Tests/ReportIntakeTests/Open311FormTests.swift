import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
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

@Test func `a photo is refused with a sentence`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let start = [
            ("api_key", nil, key), ("service_code", nil, "E0102"), ("lat", nil, "28.6829"), ("long", nil, "115.8551"),
        ]
        let small = try await client.post(body: multipart(start + [("media", "a.jpg", "jpeg")]), type: type)
        #expect(small.status == 400)
        #expect(
            try small.descriptions() == ["Photos cannot be taken yet: send the request without the file."])

        let photo = String(repeating: "x", count: 70_000)
        let large = try await client.post(body: multipart(start + [("media", "a.jpg", photo)]), type: type)
        #expect(large.status == 413)
        #expect(try large.descriptions().first?.contains("photos cannot be taken yet") == true)
        #expect(try intake.count("report") == 0)
    }
}

@Test(arguments: [
    ("", type), ("--b-1", type), ("--b-1\r\n", type), ("--b-1\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b-1--", type),
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

@Test func `a form without a type is refused`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { _, client in
        #expect(try await client.post(body: "service_code=E0102", type: nil).status == 400)
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
    #expect(written.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>"))
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
