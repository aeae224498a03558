import GRDB
import Notifications
import Testing

@Test func `a store from before there were several browsers keeps who is reached where`() throws {
    var migrator = DatabaseMigrator()
    NotificationsProcessor().migrate(&migrator)
    let queue = try DatabaseQueue()
    try migrator.migrate(queue, upTo: "notifications 1")
    try queue.write { db in
        try db.execute(
            sql: """
                INSERT INTO contact (personId, channel, id, sealed) VALUES ('rider-1', 'email', 'a', '{}');
                INSERT INTO contact (personId, channel, id, sealed) VALUES ('rider-1', 'web-push', 'b', '{}');
                INSERT INTO person (id, version) VALUES ('rider-1', 3);
                """)
    }
    try migrator.migrate(queue)

    let rows = try queue.read { db in
        try Row.fetchAll(
            db, sql: "SELECT channel, id, place, sealed FROM contact WHERE personId = 'rider-1' ORDER BY id")
    }
    #expect(rows.map { $0["channel"] as String } == ["email", "web-push"])
    #expect(rows.map { $0["id"] as String } == ["a", "b"] && rows.allSatisfy { $0["sealed"] == "{}" })
    let version = try queue.read { db in
        try Int.fetchOne(db, sql: "SELECT version FROM person WHERE lost IS NULL")
    }
    #expect(version == 3)
}
