package import Foundation

/// What CloudEvents says about a message before anyone reads its `data` (CloudEvents 1.0.2, structured JSON mode).
package struct MessageAttributes: Sendable, Equatable {
    package var id: MessageID
    /// Who said it: `/report-intake/1`, `/case-routing/3`, `/portal/1`.
    package var source: String
    package var type: String
    package var version: Int
    package var subject: String
    package var time: Timestamp
    /// The id that everything which followed from one report or command shares.
    package var correlationID: MessageID
    /// The id of the message that this one answers.
    ///
    /// Nil for the first of a chain.
    package var causationID: MessageID?
    /// W3C Trace Context of the request that began it.
    package var traceParent: String?
    /// Method and route template of the HTTP request that this message came by: `POST /v1/reports`.
    ///
    /// Stands with the first of a chain alone.
    package var request: String?

    package init(
        id: MessageID, source: String, type: String, version: Int, subject: String, time: Timestamp,
        correlationID: MessageID, causationID: MessageID? = nil, traceParent: String? = nil,
        request: String? = nil
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.version = version
        self.subject = subject
        self.time = time
        self.correlationID = correlationID
        self.causationID = causationID
        self.traceParent = traceParent
        self.request = request
    }
}

/// One CloudEvents 1.0 object: the value of every record on every topic.
package struct Envelope<Data: Payload>: Sendable, Equatable {
    package let attributes: MessageAttributes
    package let data: Data

    package var id: MessageID { attributes.id }
    package var time: Timestamp { attributes.time }

    /// Wraps a message that begins a chain, or follows from `cause`.
    package init(
        _ data: Data, id: MessageID, source: String, time: Timestamp, cause: MessageAttributes? = nil,
        traceParent: String? = nil, request: String? = nil
    ) {
        self.data = data
        attributes = MessageAttributes(
            id: id, source: source, type: data.messageType, version: data.messageVersion, subject: data.messageSubject,
            time: time, correlationID: cause?.correlationID ?? id, causationID: cause?.id,
            traceParent: traceParent ?? cause?.traceParent, request: request)
    }

    package init(attributes: MessageAttributes, data: Data) {
        self.attributes = attributes
        self.data = data
    }

    /// Puts another payload under the same attributes, as a union's case and the union itself.
    package func map<Other: Payload>(_ transform: (Data) throws -> Other) rethrows -> Envelope<Other> {
        Envelope<Other>(attributes: attributes, data: try transform(data))
    }
}

/// Where a message's schema is found: the `dataschema` of its envelope.
package enum SchemaReference {
    package static let prefix = "urn:suishoupai:schema:"

    package static func text(type: String, version: Int) -> String { "\(prefix)\(type):\(version)" }

    /// The version that a `dataschema` names; nil where it is none of ours.
    package static func version(of text: String, type: String) -> Int? {
        let start = "\(prefix)\(type):"
        guard text.hasPrefix(start), let version = Int(text.dropFirst(start.count)), version >= 1 else { return nil }
        return version
    }
}

private enum EnvelopeKeys: String, CodingKey {
    case specversion
    case id
    case source
    case type
    case subject
    case time
    case datacontenttype
    case dataschema
    case data
    case correlationid
    case causationid
    case traceparent
    case request
}

extension MessageAttributes: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: EnvelopeKeys.self)
        let specification = try container.decode(String.self, forKey: .specversion)
        guard specification == "1.0" else {
            throw ContractError.malformed("specversion is '\(specification)', expected '1.0'")
        }
        let id = try container.decode(MessageID.self, forKey: .id)
        let type = try container.decode(String.self, forKey: .type)
        let schema = try container.decode(String.self, forKey: .dataschema)
        guard let version = SchemaReference.version(of: schema, type: type) else {
            throw ContractError.malformed("dataschema '\(schema)' does not name a version of '\(type)'")
        }
        self.init(
            id: id, source: try container.decode(String.self, forKey: .source), type: type, version: version,
            subject: try container.decodeIfPresent(String.self, forKey: .subject) ?? "",
            time: try container.decode(Timestamp.self, forKey: .time),
            correlationID: try container.decodeIfPresent(MessageID.self, forKey: .correlationid) ?? id,
            causationID: try container.decodeIfPresent(MessageID.self, forKey: .causationid),
            traceParent: try container.decodeIfPresent(String.self, forKey: .traceparent),
            request: try container.decodeIfPresent(String.self, forKey: .request))
    }

    /// Reads the attributes of a record's value and leaves its `data` alone.
    ///
    /// - Throws: `ContractError.malformed` where the bytes are no CloudEvents JSON of ours, as far as to its `data`.
    package init(value: Foundation.Data) throws {
        if let attributes = AttributeScan.attributes(of: value) {
            self = attributes
            return
        }
        do {
            self = try ContractCoding.decode(MessageAttributes.self, from: value)
        } catch let error as DecodingError {
            throw ContractError.malformed(error.sentence)
        }
    }
}

extension Envelope: Codable {
    package init(from decoder: any Decoder) throws {
        attributes = try MessageAttributes(from: decoder)
        let container = try decoder.container(keyedBy: EnvelopeKeys.self)
        data = try Data.decode(
            type: attributes.type, version: attributes.version, from: try container.superDecoder(forKey: .data))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: EnvelopeKeys.self)
        try container.encode("1.0", forKey: .specversion)
        try container.encode(attributes.id, forKey: .id)
        try container.encode(attributes.source, forKey: .source)
        try container.encode(attributes.type, forKey: .type)
        try container.encode(attributes.subject, forKey: .subject)
        try container.encode(attributes.time, forKey: .time)
        try container.encode("application/json", forKey: .datacontenttype)
        try container.encode(
            SchemaReference.text(type: attributes.type, version: attributes.version), forKey: .dataschema)
        try container.encode(attributes.correlationID, forKey: .correlationid)
        try container.encodeIfPresent(attributes.causationID, forKey: .causationid)
        try container.encodeIfPresent(attributes.traceParent, forKey: .traceparent)
        try container.encodeIfPresent(attributes.request, forKey: .request)
        try data.encodeData(to: container.superEncoder(forKey: .data))
    }

    /// Reads a record's value.
    ///
    /// - Throws: `ContractError`, which says whether to pass over the record, to stop, or to put it aside.
    package init(value: Foundation.Data) throws {
        do {
            self = try ContractCoding.decode(Self.self, from: value)
        } catch let error as DecodingError {
            throw ContractError.malformed(error.sentence)
        }
    }

    /// Reads the `data` of a record's value whose attributes were read before.
    ///
    /// - Throws: `ContractError`, as ``init(value:)``.
    package init(_ attributes: MessageAttributes, value: Foundation.Data) throws {
        do {
            let rest = try ContractCoding.decode(EnvelopeData<Data>.self, from: value, knowing: attributes)
            self.init(attributes: attributes, data: rest.data)
        } catch let error as DecodingError {
            throw ContractError.malformed(error.sentence)
        }
    }

    /// The bytes of the record's value: sorted keys, so that the same envelope is the same bytes everywhere.
    package func value() throws -> Foundation.Data {
        let data = try data.dataJSON()
        var text = JSONText(capacity: data.count + 768)
        try text.addIfPresent("causationid", attributes.causationID?.description)
        try text.add("correlationid", attributes.correlationID.description)
        text.add("data", json: data)
        try text.add("datacontenttype", "application/json")
        try text.add("dataschema", SchemaReference.text(type: attributes.type, version: attributes.version))
        try text.add("id", attributes.id.description)
        try text.addIfPresent("request", attributes.request)
        try text.add("source", attributes.source)
        try text.add("specversion", "1.0")
        try text.add("subject", attributes.subject)
        try text.add("time", attributes.time.description)
        try text.addIfPresent("traceparent", attributes.traceParent)
        try text.add("type", attributes.type)
        return text.end()
    }
}

/// The `data` of an envelope alone, for those who know its attributes.
private struct EnvelopeData<Data: Payload>: DecodableWithConfiguration {
    let data: Data

    init(from decoder: any Decoder, configuration attributes: MessageAttributes) throws {
        let container = try decoder.container(keyedBy: EnvelopeKeys.self)
        data = try Data.decode(
            type: attributes.type, version: attributes.version, from: try container.superDecoder(forKey: .data))
    }
}

extension DecodingError {
    /// What is wrong and where, in one sentence.
    package var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "'\(Self.path(context.codingPath + [key]))' is missing"
        case .valueNotFound(_, let context):
            "'\(Self.path(context.codingPath))' is null"
        case .typeMismatch(let type, let context):
            "'\(Self.path(context.codingPath))' is not a \(type)"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? context.debugDescription : "'\(Self.path(context.codingPath))': \(context.debugDescription)"
        @unknown default:
            "unreadable JSON"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
