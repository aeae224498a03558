import Contracts
import Foundation
import GRDB

/// One law, how many things were held against it, and what breaks it.
struct AuditFinding: Codable, Sendable, Equatable {
    let law: String
    let checked: Int
    /// The first hundred of what breaks the law, in words.
    let broken: [String]
    let brokenCount: Int
    /// What should be known of how it was checked; absent where there is nothing to say.
    let notes: [String]?

    var holds: Bool { brokenCount == 0 }

    init(_ law: String, checked: Int, broken: [String], notes: [String] = []) {
        self.law = law
        self.checked = checked
        self.broken = Array(broken.prefix(100))
        brokenCount = broken.count
        self.notes = notes.isEmpty ? nil : notes
    }
}

/// What must be true of the stores of a deployment, whatever happened to it.
struct AuditLaws {
    let shelf: StoreShelf
    /// Every dead letter, with what was decided about it.
    let letters: [DeadLetter]
    /// Why some letters may not be among them; nil where all are.
    var lettersTrouble: String?

    func check() throws -> [AuditFinding] {
        let books = try PointsBooks(shelf)
        return [
            try ReportPlaces(shelf).finding(), try CasePlaces(shelf: shelf).finding(), try reportsAreAnswered(),
            try commandsAreAnswered(),
            try awardsFollowFromEvents(books), books.postingsSumToZero(), try balancesAreRecounted(books),
            try onlyFundersOwe(), try nothingIsUnpublished(), try streamsHaveNoGaps(), deadLettersAreExplained(),
            try peopleAreToldOnce(), try tellingFollowsFromDecisions(),
        ]
    }

    private func reportsAreAnswered() throws -> AuditFinding {
        try answered("every accepted report is answered", by: shelf.intake, what: "report")
    }

    private func commandsAreAnswered() throws -> AuditFinding {
        try answered("every command is answered", by: shelf.portal, what: "command")
    }

    private func answered(_ law: String, by stores: [StoreShelf.Store], what: String) throws -> AuditFinding {
        var checked = 0
        var broken: [String] = []
        for store in stores {
            checked += try store.count("SELECT COUNT(*) FROM edgeOutbox")
            broken += try store.rows("SELECT id FROM edgeOutbox WHERE state < 2 ORDER BY number").map {
                "\(what) \(ReportName.text($0["id"])) of \(store.name) is not answered"
            }
        }
        return AuditFinding(law, checked: checked, broken: broken)
    }

    private func awardsFollowFromEvents(_ books: PointsBooks) throws -> AuditFinding {
        var known: Set<MessageID> = []
        for store in shelf.routing {
            for row in try store.rows("SELECT value FROM outbox WHERE topic = 'case-events.v1' ORDER BY number") {
                known.insert(try MessageAttributes(value: row["value"]).id)
            }
        }
        // What a case promised, and what became of it; all else follows from an order or the clock.
        let promises = books.moves.filter {
            [.pended, .shared, .capped, .voided].contains($0.step) && $0.caseId != nil
        }
        let releases = books.moves.filter { $0.step == .released }
        let promised = Set(promises.map(\.transferId))
        let broken =
            promises.filter { !known.contains($0.causeEventId) }.map {
                "transfer \($0.transferId) follows from event \($0.causeEventId), which no case ever said"
            }
            + releases.filter { !($0.pendingTransferId.map(promised.contains) ?? false) }.map {
                "transfer \($0.transferId) releases what no case ever promised"
            }
        return AuditFinding(
            "every award traces to a case event", checked: promises.count + releases.count, broken: broken)
    }

    private func balancesAreRecounted(_ books: PointsBooks) throws -> AuditFinding {
        var broken: [String] = []
        var accounts: [String: Int] = [:]
        for store in shelf.points {
            for row in try store.rows("SELECT id, balance FROM account ORDER BY id") {
                accounts[row["id"]] = row["balance"]
            }
        }
        let recounted = books.recounted()
        for id in Set(accounts.keys).union(recounted.keys).sorted()
        where accounts[id, default: 0] != recounted[id, default: 0] {
            broken.append(
                "account \(id) has \(accounts[id, default: 0]), its postings give \(recounted[id, default: 0])")
        }
        return AuditFinding("balances are what the postings give", checked: accounts.count, broken: broken)
    }

    private func onlyFundersOwe() throws -> AuditFinding {
        var checked = 0
        var broken: [String] = []
        for store in shelf.points {
            checked += try store.count("SELECT COUNT(*) FROM account")
            broken += try store.rows(
                "SELECT id, balance FROM account WHERE balance < 0 AND kind <> 'funder' ORDER BY id"
            )
            .map { "account \($0["id"] as String) owes \($0["balance"] as Int)" }
        }
        return AuditFinding("no balance is negative but a funder's", checked: checked, broken: broken)
    }

    private func nothingIsUnpublished() throws -> AuditFinding {
        var checked = 0
        var broken: [String] = []
        for store in shelf.processors {
            let rows = try store.count("SELECT COALESCE(MAX(number), 0) FROM outbox")
            let published = try store.count("SELECT COALESCE(MAX(published), 0) FROM localInput")
            checked += rows
            if published < rows { broken.append("\(store.name) has \(rows - published) rows to publish") }
        }
        for store in shelf.edges {
            let waiting = try store.count("SELECT COUNT(*) FROM edgeOutbox WHERE state = 0")
            if waiting > 0 { broken.append("\(store.name) has \(waiting) rows to publish") }
        }
        return AuditFinding("nothing waits to be published", checked: checked, broken: broken)
    }

    private func streamsHaveNoGaps() throws -> AuditFinding {
        var checked = 0
        var broken: [String] = []
        for store in shelf.processors {
            let streams = try store.rows(
                """
                SELECT topic, partition, COUNT(*) AS rows, MIN("row") AS first, MAX("row") AS last FROM outbox
                GROUP BY topic, partition ORDER BY topic, partition
                """)
            for row in streams {
                checked += 1
                guard (row["first"] as Int) != 1 || (row["last"] as Int) != (row["rows"] as Int) else { continue }
                broken.append("\(store.name) has gaps on \(row["topic"] as String)/\(row["partition"] as Int)")
            }
        }
        return AuditFinding("every stream is numbered without gaps", checked: checked, broken: broken)
    }

    private func deadLettersAreExplained() -> AuditFinding {
        AuditFinding(
            "no dead letter is unexplained", checked: letters.count,
            broken: letters.filter { $0.handled == nil }.map {
                "\($0.name): \($0.handler) at \($0.origin): \($0.reason)"
            }, notes: lettersTrouble.map { [$0] } ?? [])
    }
}
