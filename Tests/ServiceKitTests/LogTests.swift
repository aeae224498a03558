import Foundation
import Logging
import ServiceKit
import Testing

private func logger(_ format: LogFormat, _ output: KeptLogOutput) -> Logger {
    Logger(label: "case-routing.relay") { label in
        LogSetup.handler(
            label: label, service: "case-routing", format: format, level: .info, output: output, now: { noon })
    }
}

@Test func `a JSON line is one object with its metadata beside it`() throws {
    let output = KeptLogOutput()
    var logger = logger(.json, output)
    logger[metadataKey: "partition"] = "3"

    logger.info(
        "Case \"routed\"\nnow",
        metadata: ["case": ["id": "c-1", "steps": ["a", "b"]], "level": "mine", "partition": "4"])
    logger.debug("unseen")

    #expect(
        output.lines == [
            #"{"case.id":"c-1","case.steps.0":"a","case.steps.1":"b","level":"info","logger":"case-routing.relay","message":"Case \"routed\"\nnow","metadata.level":"mine","partition":"4","service":"case-routing","time":"2026-03-01T04:00:00.000Z"}"#
        ])
}

@Test func `a console line stays one line`() {
    let output = KeptLogOutput()
    logger(.console, output).warning("Broker\naway", metadata: ["b": "x y", "a": "1\n2"])
    #expect(output.lines == [#"04:00:00.000Z WARNING  case-routing  Broker\naway  a=1\n2  b="x y""#])
}

@Test func `what opens doors is never written, however deep`() {
    let output = KeptLogOutput()
    for format in LogFormat.allCases {
        logger(format, output).error(
            "x",
            metadata: [
                "Authorization": "planted", "http": ["cookie": "planted", "ok": "fine"], "db.password": "planted",
            ])
    }
    #expect(output.lines.count == 2)
    for line in output.lines {
        #expect(!line.contains("planted") && line.contains("fine"))
    }
}
