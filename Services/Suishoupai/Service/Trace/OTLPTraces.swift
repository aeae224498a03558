import Contracts
import Foundation

/// Records as spans in the JSON of OTLP/HTTP (OpenTelemetry Protocol 1.x, `ExportTraceServiceRequest`; attribute names by
/// the semantic conventions for messaging).
///
/// A record's span reaches from its cause's coming into the log to its own, so it covers waiting, deciding and publishing;
/// its id follows from the message's, so exported twice it is the same span. A request's span reaches from its coming to
/// the coming of its message into the log: when it was answered, and how, is written down nowhere.
struct OTLPTraces: Encodable {
    let resourceSpans: [ResourceSpans]

    struct ResourceSpans: Encodable {
        let resource: Resource
        let scopeSpans: [ScopeSpans]
    }

    struct Resource: Encodable { let attributes: [Attribute] }

    struct ScopeSpans: Encodable {
        let scope: Scope
        let spans: [Span]
    }

    struct Scope: Encodable { let name: String }

    struct Span: Encodable {
        let traceId: String
        let spanId: String
        let parentSpanId: String?
        let name: String
        /// 2 for a request's, 4 for a producer's, 5 for a consumer's.
        let kind: Int
        let startTimeUnixNano: String
        let endTimeUnixNano: String
        let attributes: [Attribute]
    }

    struct Attribute: Encodable {
        let key: String
        let value: Value

        init(_ key: String, _ text: String) {
            self.key = key
            value = Value(stringValue: text)
        }
    }

    struct Value: Encodable { let stringValue: String }

    init(_ tree: TraceTree) {
        let spans = Dictionary(grouping: tree.lines) { $0.record.service }
        let traces = Self.traces(of: tree)
        resourceSpans = spans.sorted { $0.key < $1.key }.map { service, lines in
            ResourceSpans(
                resource: Resource(attributes: [
                    Attribute("service.namespace", "suishoupai"), Attribute("service.name", service),
                ]),
                scopeSpans: [
                    ScopeSpans(scope: Scope(name: "suishoupai"), spans: lines.flatMap { Self.spans($0, in: traces) })
                ])
        }
    }

    /// The trace of each record: its cause's, since a collector knows a parent only within the same trace, and a sending
    /// that nobody's message caused has a trace id of its own.
    private static func traces(of tree: TraceTree) -> [String: String] {
        tree.lines.reduce(into: [:]) { traces, line in
            traces[line.record.id] = line.cause.flatMap { traces[$0.id] } ?? line.record.traceId
        }
    }

    /// The record's, and before it that of the request which it came by.
    private static func spans(_ line: TraceTree.Line, in traces: [String: String]) -> [Span] {
        [requestSpan(line), span(line, in: traces)].compactMap(\.self)
    }

    private static func span(_ line: TraceTree.Line, in traces: [String: String]) -> Span {
        let record = line.record
        return Span(
            traceId: traces[record.id] ?? record.traceId, spanId: spanId(record.id),
            parentSpanId: line.cause.map { spanId($0.id) } ?? line.request.map { _ in requestSpanId(record.id) }
                ?? record.requestSpanId, name: record.type,
            kind: line.cause == nil ? 4 : 5,
            startTimeUnixNano: nanoseconds(record.time - (line.took ?? 0)), endTimeUnixNano: nanoseconds(record.time),
            attributes: [
                Attribute("messaging.system", "kafka"), Attribute("messaging.destination.name", record.topic),
                Attribute("messaging.destination.partition.id", "\(record.partition)"),
                Attribute("messaging.kafka.offset", "\(record.offset)"), Attribute("messaging.message.id", record.id),
                Attribute("messaging.message.conversation_id", record.correlationId),
            ])
    }

    private static func requestSpan(_ line: TraceTree.Line) -> Span? {
        guard let request = line.request else { return nil }
        let words = request.name.split(separator: " ", maxSplits: 1).map(String.init)
        return Span(
            traceId: line.record.traceId, spanId: requestSpanId(line.record.id),
            parentSpanId: line.record.requestSpanId, name: request.name, kind: 2,
            startTimeUnixNano: nanoseconds(request.time),
            endTimeUnixNano: nanoseconds(max(line.record.time, request.time)),
            attributes: zip(["http.request.method", "http.route"], words).map { Attribute($0, $1) })
    }

    /// The last 16 of its message's digits: no record's span has them.
    private static func requestSpanId(_ id: String) -> String { String(id.filter { $0 != "-" }.suffix(16)) }

    /// The first 16 of a message id's 32 hexadecimal digits.
    private static func spanId(_ id: String) -> String { String(id.filter { $0 != "-" }.prefix(16)) }

    private static func nanoseconds(_ milliseconds: Int64) -> String { "\(max(milliseconds, 0))000000" }
}
