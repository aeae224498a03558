import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// What a case was told, each linked to the one before, at minutes one after another.
private func linked(_ events: [CaseEvent]) throws -> [CaseLogEntry] {
    var head: CaseChain?
    return try events.enumerated().map { index, event in
        let link = try CaseLink(event, after: head, at: .minutes(Int64(index)))
        head = CaseChain(number: link.number, hash: link.hash)
        return CaseLogEntry(event, chain: link)
    }
}

@Test(arguments: Onlooker.all)
func `the log shows staff all and reporters the links, and nobody else anything`(onlooker: Onlooker) async throws {
    try await PortalUnderTest.run { portal, client in
        let state = CaseState.sample(reporters: ["rider-1", "rider-2"], unit: CitySample.property, handler: "worker-a")
        let entries = try linked([state.opening, state.step(.filed, reason: "属实 / \"是\""), state.step(.dispatched)])
        try await portal.hear(state)
        for (minute, entry) in entries.enumerated().reversed() {
            try await portal.hear(entry, at: .minutes(Int64(minute)))
        }

        let answer = try await client.ask("/v1/cases/case-1/log", token: try await onlooker.token(portal))

        guard onlooker.isStaff || onlooker.isReporter else {
            #expect(answer.status == 403)
            return
        }
        let items = try #require(answer.json["items"]?.array)
        #expect(items.map { $0["number"]?.number } == [1, 2, 3])
        #expect(items.map { $0["hash"]?.string } == entries.map { $0.chain?.hash })
        for item in items {
            // As a reporter checks it, who has no data.
            let hash = CaseLink.hash(
                number: Int(item["number"]?.number ?? 0), previous: item["previous"]?.string ?? "?",
                content: item["content"]?.string ?? "?", time: item["time"]?.string ?? "?",
                type: item["type"]?.string ?? "?")
            #expect(item["hash"]?.string == hash)
        }
        #expect(items[1]["data"]?["reason"]?.string == (onlooker.isStaff ? "属实 / \"是\"" : nil))
    }
}
