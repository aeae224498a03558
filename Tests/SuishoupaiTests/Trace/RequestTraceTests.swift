import Contracts
import Foundation
import Testing

@testable import Suishoupai

private func id(_ name: String) -> MessageID { MessageID(namespace: .suishoupai, name: name) }

private func record(_ name: String, after cause: String? = nil, at time: Int64, request: String? = nil) -> TracedRecord
{
    TracedRecord(
        MessageAttributes(
            id: id(name), source: "/report-intake/1", type: name, version: 1, subject: "s",
            time: Timestamp(milliseconds: time - 30), correlationID: id("report.submitted"), causationID: cause.map(id),
            traceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", request: request),
        topic: "reports.v1", partition: 0, offset: time, time: time)
}

/// The request from which everything follows, where a trace begins with one.
@Suite struct RequestTraceTests {
    private let tree = TraceTree([
        record("report.submitted", at: 1_030, request: "POST /v1/reports"),
        record("case.opened", after: "report.submitted", at: 1_080), record("timer.fired", at: 2_000),
    ])

    @Test func `a timeline begins with the request, and what follows from it stands below`() {
        #expect(
            tree.text.split(separator: "\n") == [
                "1970-01-01T00:00:01.000Z             report-intake  POST /v1/reports",
                "1970-01-01T00:00:01.030Z  +30 ms     report-intake  └ report.submitted  reports.v1/0#1030",
                "1970-01-01T00:00:01.080Z  +50 ms     report-intake    └ case.opened  reports.v1/0#1080",
                "1970-01-01T00:00:02.000Z             report-intake  timer.fired  reports.v1/0#2000",
            ])
    }

    @Test func `a collector gets the request as a server's span, between the caller's and the first message's`() throws
    {
        let spans = OTLPTraces(tree).resourceSpans.flatMap { $0.scopeSpans.flatMap(\.spans) }
        let request = try #require(spans.first { $0.kind == 2 })
        let first = try #require(spans.first { $0.name == "report.submitted" })

        #expect(spans.count == 4 && Set(spans.map(\.spanId)).count == 4)
        #expect(request.name == "POST /v1/reports" && request.parentSpanId == "00f067aa0ba902b7")
        #expect(request.traceId == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(request.startTimeUnixNano == "1000000000" && request.endTimeUnixNano == "1030000000")
        #expect(request.attributes.map(\.key) == ["http.request.method", "http.route"])
        #expect(request.attributes.map(\.value.stringValue) == ["POST", "/v1/reports"])
        #expect(first.parentSpanId == request.spanId && first.startTimeUnixNano == "1000000000")
    }
}
