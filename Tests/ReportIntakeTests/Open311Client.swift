import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// What a call of Open311 was answered.
struct Open311Reply: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        bytes = Array(response.body.readableBytesView)
    }

    func json() throws -> JSONValue { try JSONValue(parsing: bytes) }

    func xml() throws -> Element { try Element(parsing: bytes) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The sentences of an error in JSON.
    func descriptions() throws -> [String] {
        try json().array?.compactMap { $0["description"]?.string } ?? []
    }
}

extension TestClientProtocol {
    /// A GET under `/open311/`.
    func ask(_ path: String, token: String? = nil) async throws -> Open311Reply {
        var headers: HTTPFields = [:]
        headers[.authorization] = token.map { "Bearer \($0)" }
        return try await execute(uri: "/open311/\(path)", method: .get, headers: headers, body: nil) {
            Open311Reply($0)
        }
    }

    /// Asks in both formats, checks that they say the same, and gives what they say.
    ///
    /// - Parameters:
    ///   - name: such as `v2/requests`, without its suffix.
    ///   - root: the outermost element in XML.
    func both(
        _ name: String, _ query: String = "", root: String, status: Int = 200, token: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let suffix = query.isEmpty ? "" : "?\(query)"
        let json = try await ask("\(name).json\(suffix)", token: token)
        let xml = try await ask("\(name).xml\(suffix)", token: token)
        #expect(json.status == status, sourceLocation: sourceLocation)
        #expect(xml.status == status, sourceLocation: sourceLocation)
        #expect(json.headers[.contentType] == "application/json; charset=utf-8", sourceLocation: sourceLocation)
        #expect(xml.headers[.contentType] == "text/xml; charset=utf-8", sourceLocation: sourceLocation)
        let element = try xml.xml()
        #expect(element.name == root, sourceLocation: sourceLocation)
        #expect(try element.differences(from: json.json()) == [], sourceLocation: sourceLocation)
        return try json.json()
    }

    /// What is asked in both formats and answered with an error.
    func bothRefuse(
        _ name: String, _ query: String = "", status: Int, token: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let json = try await both(
            name, query, root: "errors", status: status, token: token, sourceLocation: sourceLocation)
        let errors = try #require(json.array, sourceLocation: sourceLocation)
        #expect(errors.allSatisfy { $0["code"]?.integer == Int64(status) }, sourceLocation: sourceLocation)
        return errors.compactMap { $0["description"]?.string }
    }

    func post(
        _ fields: KeyValuePairs<String, String>, to path: String = "v2/requests.json", key: String? = nil
    ) async throws -> Open311Reply {
        let form = fields.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }.joined(separator: "&")
        return try await post(
            path, body: form, type: "application/x-www-form-urlencoded; charset=utf-8", key: key)
    }

    func post(
        _ path: String = "v2/requests.json", body: String, type: String?, key: String? = nil
    ) async throws -> Open311Reply {
        try await post(path, bytes: Array(body.utf8), type: type, key: key)
    }

    func post(
        _ path: String = "v2/requests.json", bytes: [UInt8], type: String?, key: String? = nil
    ) async throws -> Open311Reply {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        headers[.idempotencyKey] = key
        return try await execute(
            uri: "/open311/\(path)", method: .post, headers: headers, body: ByteBuffer(bytes: bytes)
        ) { Open311Reply($0) }
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

/// An element of XML with what is in it.
struct Element: Sendable {
    let name: String
    let text: String
    let children: [Element]

    /// - Throws: Where the bytes are no XML.
    init(parsing bytes: [UInt8]) throws {
        let document = try XMLDocument(data: Data(bytes))
        let root = try #require(document.rootElement())
        // The elements live as long as their document.
        self = withExtendedLifetime(document) { Element(root) }
    }

    private init(_ element: XMLElement) {
        name = element.name ?? ""
        text = element.stringValue ?? ""
        children = (element.children ?? []).compactMap { $0 as? XMLElement }.map(Element.init)
    }

    /// The first child of this name.
    subscript(name: String) -> Element? { children.first { $0.name == name } }

    /// Where this says another thing than the JSON: one line for each place.
    func differences(from json: JSONValue, at path: String = "") -> [String] {
        let place = "\(path)/\(name)"
        switch json {
        case .array(let values):
            guard values.count == children.count else { return ["\(place): \(children.count) of \(values.count)"] }
            return zip(children, values).flatMap { $0.differences(from: $1, at: place) }
        case .object(let members):
            let names = children.map(\.name).sorted()
            guard names == members.keys.sorted() else { return ["\(place): \(names), not \(members.keys.sorted())"] }
            return children.flatMap { $0.differences(from: members[$0.name] ?? .null, at: place) }
        case .null: return text.isEmpty ? [] : ["\(place) is not empty"]
        case .string(let expected): return text == expected ? [] : ["\(place): \(text), not \(expected)"]
        case .bool, .integer, .number:
            return text == json.text() ? [] : ["\(place): \(text), not \(json.text())"]
        }
    }
}
