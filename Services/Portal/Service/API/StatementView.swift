import Contracts
import Hummingbird
import ServiceKit
import WorkingTime

/// A month by the pack's calendar, as `2026-11`.
struct StatementMonth: Sendable, Equatable {
    let name: String
    let start: Timestamp
    let end: Timestamp

    /// Reads `2026-11`; nil for anything else.
    init?(_ name: String, utcOffsetMinutes: Int) {
        guard name.utf8.count == 7, let first = CivilDay("\(name)-01") else { return nil }
        let next =
            first.month == 12
            ? CivilDay(year: first.year + 1, month: 1, day: 1)
            : CivilDay(year: first.year, month: first.month + 1, day: 1)
        guard let next else { return nil }
        self.name = name
        start = Timestamp(milliseconds: first.start(utcOffsetMinutes: utcOffsetMinutes))
        end = Timestamp(milliseconds: next.start(utcOffsetMinutes: utcOffsetMinutes))
    }

    /// The month that a moment lies in.
    init(containing moment: Timestamp, utcOffsetMinutes: Int) {
        let day = CivilDay(milliseconds: moment.milliseconds, utcOffsetMinutes: utcOffsetMinutes)
        let first = day.adding(days: 1 - day.day)
        let next = first.adding(days: 32)
        name = String(day.isoText.prefix(7))
        start = Timestamp(milliseconds: first.start(utcOffsetMinutes: utcOffsetMinutes))
        end = Timestamp(milliseconds: next.adding(days: 1 - next.day).start(utcOffsetMinutes: utcOffsetMinutes))
    }
}

/// A month's statement 月度对账单: of a person, a team, a funder or one of the ledger's own accounts.
struct StatementView: ResponseEncodable, Sendable {
    struct Account: Encodable, Sendable {
        let accountId: AccountID
        /// What it held when the month began.
        let opening: Int
        let credits: Int
        let debits: Int
        let closing: Int
        let lines: [PostingLine]

        init(_ id: AccountID, opening: Int, lines: [PostingLine]) {
            accountId = id
            self.opening = opening
            self.lines = lines
            credits = lines.reduce(0) { $0 + max(0, $1.amount) }
            debits = lines.reduce(0) { $0 + max(0, -$1.amount) }
            closing = lines.last?.balance ?? opening
        }
    }

    /// Whose it is, in words.
    let title: String
    let month: String
    let accounts: [Account]
    /// How anyone can check it.
    let rule: String

    static let ruleText = "每一笔都带有哈希，规则见 docs/points.md / each line carries its hash; the rule: docs/points.md"

    /// With a heading, for a spreadsheet.
    var csv: String {
        let head = [
            "account", "number", "time", "type", "amount", "balance", "case", "order", "transfer", "explanation",
            "hash",
        ]
        return accounts.reduce(CSVLine.text(head)) { text, account in
            let opening = CSVLine.text([
                account.accountId.rawValue, "", "", "opening", "", "\(account.opening)", "", "", "", "", "",
            ])
            return account.lines.reduce(text + opening) { text, line in
                text
                    + CSVLine.text([
                        account.accountId.rawValue, "\(line.number)", line.at.description, line.type,
                        "\(line.amount)", "\(line.balance)", CSVLine.plain(line.caseNumber ?? ""),
                        CSVLine.plain(line.orderId?.rawValue ?? ""), CSVLine.plain(line.transferId.rawValue),
                        CSVLine.plain(line.explanation), line.hash,
                    ])
            }
        }
    }
}

/// What points are out against what was put in 预算.
struct BudgetView: ResponseEncodable, Sendable {
    struct Funder: Encodable, Sendable {
        let id: FunderID
        let name: String
        /// How far its account may go below zero.
        let line: Int
        /// What it has put in and not been paid for yet.
        let owed: Int
        let left: Int
    }

    let ledgerId: LedgerID
    let funders: [Funder]
    /// What funders put in, together.
    let funded: Int
    /// Nobody has been given it yet.
    let unspent: Int
    /// Promised, to be spent, or set aside: what people can still ask prizes for.
    let outstanding: Int
    let pending: Int
    let available: Int
    let held: Int
    let expired: Int
    let spent: Int
    /// Whether all of it sums to what was put in: anything else would be points that were made up.
    let sums: Bool

    init(_ ledger: LedgerID, funders: [Funder], totals: [String: Int]) {
        func total(_ kind: AccountKind) -> Int { totals[kind.rawValue] ?? 0 }
        ledgerId = ledger
        self.funders = funders
        funded = -total(.funder)
        unspent = total(.issued)
        pending = total(.pending)
        available = total(.available)
        held = total(.held)
        expired = total(.expired)
        spent = total(.prizes)
        outstanding = pending + available + held
        sums = totals.values.reduce(0, +) == 0
    }

    /// As the books of a ledger stand now.
    static func read(_ ledger: LedgerID, _ pack: Pack, from readModel: ReadModel) async throws -> BudgetView {
        var funders: [Funder] = []
        for funder in pack.points?.funders ?? [] where funder.ledgerId == ledger {
            let owed = -(try await readModel.balance(of: AccountID("funder:\(ledger):\(funder.id)")))
            funders.append(
                Funder(id: funder.id, name: funder.name, line: funder.line, owed: owed, left: funder.line - owed))
        }
        return BudgetView(ledger, funders: funders, totals: try await readModel.totals(of: ledger))
    }
}

/// A month of a station 驿站月报: what came, went and was counted.
struct StationStatementView: ResponseEncodable, Sendable {
    struct Line: Encodable, Sendable {
        let at: Timestamp
        let type: String
        let prizeId: PrizeID
        /// How many came (positive) or went; absent where nothing moved on the shelf.
        let change: Int?
        let count: Int
        let orderId: OrderID?
        let actorId: PersonID?
        let reason: String?
    }

    let stationId: StationID
    let name: String
    let month: String
    /// Points that were spent here in the month.
    let pointsHandedOver: Int
    let lines: [Line]

    var csv: String {
        let head = CSVLine.text(["time", "type", "prize", "count", "change", "order", "by", "reason"])
        return lines.reduce(head) { text, line in
            text
                + CSVLine.text([
                    line.at.description, line.type, CSVLine.plain(line.prizeId.rawValue), "\(line.count)",
                    line.change.map(String.init) ?? "", CSVLine.plain(line.orderId?.rawValue ?? ""),
                    CSVLine.plain(line.actorId?.rawValue ?? ""), CSVLine.plain(line.reason ?? ""),
                ])
        }
    }
}
