import Contracts
import Foundation
import TestSupport
import Testing

@testable import Suishoupai

private let request = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

private func id(_ name: String) -> MessageID { MessageID(namespace: .suishoupai, name: name) }

private func record(
    _ name: String, after cause: String? = nil, by service: String, at time: Int64, delivery: String? = nil,
    tellingOf event: String? = nil, traceParent: String? = request
) -> TracedRecord {
    TracedRecord(
        MessageAttributes(
            id: id(name), source: "/\(service)/1", type: name, version: 1, subject: "s",
            time: Timestamp(milliseconds: time),
            correlationID: id("report.submitted"), causationID: cause.map(id), traceParent: traceParent),
        topic: "case-events.v1", partition: 2, offset: time, time: time, deliveryId: delivery,
        aboutEventId: event.map { id($0).description })
}

private let records = [
    record("report.submitted", by: "report-intake", at: 1_000),
    record("case.register-report", after: "report.submitted", by: "case-routing", at: 1_020),
    record("case.opened", after: "case.register-report", by: "case-routing", at: 1_055),
    record("points.pended", after: "case.opened", by: "points", at: 1_090),
    record(
        "delivery.started", by: "notifications", at: 1_100, delivery: "d", tellingOf: "case.opened", traceParent: nil),
]

/// Reads a request by OpenTelemetry's own definition, strictly, and prints trace, parent, id and name of each span.
private let strictReader = """
    import base64, json, sys
    from google.protobuf import json_format
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    body = json.load(sys.stdin)
    # OTLP writes ids in hexadecimal digits; protobuf's own JSON would have base64 there.
    for span in [s for r in body["resourceSpans"] for c in r["scopeSpans"] for s in c["spans"]]:
        for name in ("traceId", "spanId", "parentSpanId"):
            if name in span: span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    read = json_format.ParseDict(body, ExportTraceServiceRequest(), ignore_unknown_fields=False)
    for resource in read.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                assert len(span.trace_id) == 16 and len(span.span_id) == 8 and len(span.parent_span_id) in (0, 8)
                assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
                print(span.trace_id.hex(), span.parent_span_id.hex(), span.span_id.hex(), span.name)
    """

/// What `suishoupai trace` tells of the records that it found.
@Suite struct TraceTreeTests {
    @Test func `each record stands below its cause, with how long it took after it`() {
        let lines = TraceTree(records).lines

        #expect(lines.map(\.record.type) == records.map(\.type))
        #expect(lines.map(\.depth) == [0, 1, 2, 3, 3])
        #expect(lines.map(\.took) == [nil, 20, 35, 35, 45])
    }

    @Test func `a record whose cause is not known begins anew, and none is told twice`() {
        let tree = TraceTree(Array(records.dropFirst()))

        #expect(tree.lines.map(\.depth) == [0, 1, 2, 2])
        #expect(Set(tree.lines.map(\.record.id)).count == 4)
        // Even where a broken log says that two records caused each other.
        let circle = [
            record("a", after: "b", by: "points", at: 1), record("b", after: "a", by: "points", at: 2),
        ]
        #expect(TraceTree(circle).lines.count <= 2)
    }

    @Test func `a line says when, how long after, who, what and where, and no more`() {
        let lines = TraceTree(records).text.split(separator: "\n")

        #expect(lines.count == 5)
        #expect(
            lines[2]
                == "1970-01-01T00:00:01.055Z  +35 ms     case-routing     └ case.opened  case-events.v1/2#1055")
    }

    @Test func `a collector gets spans with the request's trace, each the child of its cause`() throws {
        let traces = OTLPTraces(TraceTree(records))
        let spans = traces.resourceSpans.flatMap { $0.scopeSpans.flatMap(\.spans) }
        let opened = try #require(spans.first { $0.name == "case.opened" })
        let first = try #require(spans.first { $0.name == "report.submitted" })

        #expect(traces.resourceSpans.count == 4)
        #expect(first.traceId == "4bf92f3577b34da6a3ce929d0e0e4736" && first.parentSpanId == "00f067aa0ba902b7")
        #expect(first.kind == 4 && first.startTimeUnixNano == "1000000000" && first.endTimeUnixNano == "1000000000")
        #expect(opened.kind == 5 && opened.spanId.count == 16)
        #expect(opened.parentSpanId == spans.first { $0.name == "case.register-report" }?.spanId)
        #expect(opened.startTimeUnixNano == "1020000000" && opened.endTimeUnixNano == "1055000000")
        // The same span whenever it is exported.
        #expect(Set(spans.map(\.spanId)).count == 5)
    }

    @Test(.enabled(if: PythonScript.hasLibraries("opentelemetry.proto"), Comment(rawValue: PythonScript.absence)))
    func `OpenTelemetry's own definition reads every span, and knows every field`() async throws {
        let body = try JSONEncoder().encode(OTLPTraces(TraceTree(records)))

        let answer = try await PythonScript(programInEnvironment: strictReader).run(input: body)

        #expect(answer.status == 0, "\(answer.output)")
        let spans = answer.output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: false)
        }
        try #require(spans.count == 5 && spans.allSatisfy { $0.count == 4 }, "\(answer.output)")
        let ids = Set(spans.map { $0[2] })
        let inTrace = spans.filter { $0[0] == "4bf92f3577b34da6a3ce929d0e0e4736" }
        #expect(inTrace.count == 5)
        #expect(
            inTrace.filter { !ids.contains($0[1]) }.map { "\($0[1]) \($0[3])" } == ["00f067aa0ba902b7 report.submitted"]
        )
    }

    @Test func `a name is found as a message, a chain, a trace or a whole word of a content, and not as a part of one`()
    {
        let opened = records[2]
        let value = Data(#"{"data":{"caseNumber":"MD-20261123-0007"}}"#.utf8)

        for name in [
            opened.id, opened.correlationId, "4bf92f3577b34da6a3ce929d0e0e4736", "MD-20261123-0007",
        ] {
            #expect(TraceMatch(name).isAbout(opened, value), "\(name)")
        }
        #expect(!TraceMatch("MD-20261123-000").isAbout(opened, value))
        #expect(!TraceMatch("00f067aa0ba902b7").isAbout(opened, value))
    }
}
