import Contracts
import EventProcessing
import Foundation
import GRDB
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `with a full disk a command is refused with a problem, and the same one is taken once there is room`()
    async throws
{
    let folder = try TemporaryFolder()
    let readModel = try ReadModel.open(folder.url.appending(path: "1.sqlite"))
    let metrics = PrometheusRegistry()
    let door = CommandDoor(
        readModel: readModel, outcomes: ReadNews(metrics: metrics).outcomes, source: "/portal/1",
        metrics: CommandMetrics(factory: metrics), patience: .milliseconds(1), now: { .now }, nudge: {})
    func give(_ number: Int) async throws {
        _ = try await door.give(
            WantedCommand(
                key: "k-\(number)", principal: Principal(subject: "rider-1", roles: [.rider]),
                action: CommandMetrics.markRead, about: "m-\(number)", fingerprint: Fingerprint(of: .null),
                topic: TopicCatalogue.notificationCommands, partitionKey: "rider-1",
                payload: {
                    MarkRead(
                        messageId: InboxMessageID("m-\(number)"), actor: Actor(personId: "rider-1", roles: ["rider"]),
                        notAfter: $0)
                }))
    }
    func limit(pages: Int) async throws {
        try await readModel.database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
    }
    try await limit(pages: 1)

    var given = 0
    let problem = await #expect(throws: ProblemDetails.self) {
        while given < 1_000 {
            try await give(given)
            given += 1
        }
    }
    #expect(problem?.detail == "The command could not be stored. Send it again, with the same key.")
    let rows = try await readModel.database.read { db in
        (
            commands: try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM command"),
            outbox: try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM edgeOutbox")
        )
    }
    #expect(rows.commands == given)
    #expect(rows.outbox == given)

    try await limit(pages: 1_000_000)
    try await give(given)
}
