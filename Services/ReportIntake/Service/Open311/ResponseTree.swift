import Contracts
import Hummingbird
import ServiceKit

#if canImport(FoundationXML)
import FoundationXML
#else
import Foundation
#endif

/// What an answer says, whichever format it is written in, so that XML and JSON cannot tell different things.
indirect enum ResponseTree: Equatable, Sendable {
    /// Named members, in order.
    case object([Member])
    /// Things of one kind; in XML each is an element of this name.
    case list(of: String, [ResponseTree])
    case text(String)
    case number(Double)
    case integer(Int)
    case flag(Bool)
    /// Known to be absent: `null` in JSON, an empty element in XML.
    case null

    struct Member: Equatable, Sendable {
        let name: String
        let value: ResponseTree
    }

    static func members(_ members: KeyValuePairs<String, ResponseTree>) -> ResponseTree {
        .object(members.map { Member(name: $0.key, value: $0.value) })
    }

    static func optional(_ text: String?) -> ResponseTree {
        text.map(ResponseTree.text) ?? .null
    }

    /// A moment to the second: some readers know no fractions.
    static func moment(_ moment: Timestamp?) -> ResponseTree {
        optional(moment.map { "\($0.description.prefix(19))Z" })
    }

    /// This object with more members behind its own.
    func adding(_ members: KeyValuePairs<String, ResponseTree>) -> ResponseTree {
        guard case .object(let own) = self else { return self }
        return .object(own + members.map { Member(name: $0.key, value: $0.value) })
    }
}

extension ResponseTree {
    var json: JSONValue {
        switch self {
        case .object(let members):
            .object(Dictionary(members.map { ($0.name, $0.value.json) }, uniquingKeysWith: { $1 }))
        case .list(_, let elements): .array(elements.map(\.json))
        case .text(let text): .string(text)
        case .number(let number): .number(number)
        case .integer(let number): .integer(Int64(number))
        case .flag(let flag): .bool(flag)
        case .null: .null
        }
    }

    func element(_ name: String) -> XMLElement {
        let element = XMLElement(name: name)
        switch self {
        case .object(let members):
            for member in members { element.addChild(member.value.element(member.name)) }
        case .list(let kind, let elements):
            for child in elements { element.addChild(child.element(kind)) }
        case .text(let text): element.stringValue = Self.writable(text)
        case .number, .integer, .flag: element.stringValue = json.text()
        case .null: break
        }
        return element
    }

    /// The text without the few characters that XML has no way to write.
    private static func writable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(
            contentsOf: text.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0x09, 0x0A, 0x0D: true
                case 0..<0x20, 0xFFFE, 0xFFFF: false
                default: true
                }
            })
        return String(scalars)
    }
}

/// How an answer is written down: the suffix of the path says it.
enum Open311Format: String, CaseIterable, Sendable {
    case xml
    case json

    var contentType: String {
        switch self {
        case .xml: "text/xml; charset=utf-8"
        case .json: "application/json; charset=utf-8"
        }
    }

    /// - Parameter root: the name of the outermost element; JSON has none.
    func bytes(_ tree: ResponseTree, root: String) -> [UInt8] {
        switch self {
        case .json: return tree.json.bytes()
        case .xml:
            let document = XMLDocument(rootElement: tree.element(root))
            document.version = "1.0"
            document.characterEncoding = "utf-8"
            return Array(document.xmlData(options: []))
        }
    }
}

/// The answer to a call, not yet written down.
struct Open311Answer: Equatable, Sendable {
    let root: String
    let tree: ResponseTree
    var status: HTTPResponse.Status = .ok
    var headers: HTTPFields = [:]

    func response(_ format: Open311Format) -> Response {
        var headers = headers
        headers[.contentType] = format.contentType
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: format.bytes(tree, root: root)))
        )
    }
}
