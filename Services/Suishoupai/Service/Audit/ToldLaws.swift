import Contracts
import GRDB

/// What must be true of what people and programs are told.
extension AuditLaws {
    func peopleAreToldOnce() throws -> AuditFinding {
        var checked = 0
        var seen: [String: Int] = [:]
        for store in shelf.notifications {
            for row in try store.rows("SELECT recipientId, aboutEventId FROM inboxMessage ORDER BY id") {
                checked += 1
                seen["\(row["recipientId"] as String) about \(ReportName.text(row["aboutEventId"]))", default: 0] += 1
            }
        }
        return AuditFinding(
            "nobody is told twice of one event", checked: checked,
            broken: seen.filter { $0.value > 1 }.keys.sorted().map { "\($0): told more than once" })
    }

    /// What stands in an inbox, waits to go outside or was sent is in the table by which everybody is told once; what
    /// waits was not sent.
    func tellingFollowsFromDecisions() throws -> AuditFinding {
        var checked = 0
        var broken: [String] = []
        for store in shelf.notifications {
            for (table, what) in [("inboxMessage", "message"), ("held", "held message"), ("sending", "sending")] {
                checked += try store.count("SELECT COUNT(*) FROM \(table)")
                broken += try store.rows(Self.undecided(in: table)).map {
                    "\(store.name): a \(what) to \($0["recipientId"] as String) about "
                        + "\(ReportName.text($0["eventId"])) that nobody decided"
                }
            }
            broken += try store.rows(
                """
                SELECT held.personId AS recipientId, held.eventId FROM held JOIN sending
                    ON sending.aboutEventId = held.eventId AND sending.recipientId = held.personId
                        AND sending.channel = held.channel
                ORDER BY held.personId, held.eventId
                """
            ).map {
                "\(store.name): a message to \($0["recipientId"] as String) about "
                    + "\(ReportName.text($0["eventId"])) was sent, and waits"
            }
        }
        return AuditFinding("whatever is told was decided before", checked: checked, broken: broken)
    }

    /// Rows that the table of what was told knows nothing of.
    private static func undecided(in table: String) -> String {
        let (event, recipient, channel) =
            switch table {
            case "held": ("eventId", "personId", "channel")
            case "sending":
                (
                    "aboutEventId",
                    """
                    CASE WHEN endpointId IS NULL OR endpointId LIKE 'unit:%' THEN recipientId
                        ELSE 'endpoint|' || endpointId END
                    """, "channel"
                )
            default: ("aboutEventId", "recipientId", "'inbox'")
            }
        return """
            SELECT recipientId, eventId FROM (
                SELECT \(event) AS eventId, \(recipient) AS recipientId, \(channel) AS channel FROM \(table)
            ) AS said
            WHERE NOT EXISTS (
                SELECT 1 FROM told WHERE told.eventId = said.eventId AND told.recipientId = said.recipientId
                    AND told.channel = said.channel)
            ORDER BY recipientId, eventId
            """
    }
}
