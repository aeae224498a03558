import GRDB

/// Where every report is: which case it came into, whether that case has it, or whether it was taken back.
struct ReportPlaces {
    private let shelf: StoreShelf
    /// A report and a hop of it, such as `0f7d3c52-…/0`, and the cases that it came into: one, if all is well.
    private var cases: [String: [String]] = [:]
    /// The same, of those that a case has among its reports.
    private var kept: [String: [String]] = [:]
    private var withdrawn: [String: [String]] = [:]

    init(_ shelf: StoreShelf) throws {
        self.shelf = shelf
        for store in shelf.routing {
            // All at one moment, since their owner goes on.
            let rows = try store.database.read { db in
                (
                    came: try Row.fetchAll(
                        db, sql: "SELECT reportId, hop, caseId FROM caseReport ORDER BY reportId, hop"),
                    kept: try Row.fetchAll(db, sql: Self.keptReports),
                    // A store of an earlier version has no such table yet.
                    gone: try db.tableExists("withdrawnReport")
                        ? Row.fetchAll(
                            db, sql: "SELECT reportId, hop, caseId FROM withdrawnReport ORDER BY reportId, hop") : []
                )
            }
            Self.note(rows.came, in: &cases)
            Self.note(rows.kept, in: &kept)
            Self.note(rows.gone, in: &withdrawn)
        }
    }

    private static let keptReports = """
        SELECT CAST(hop AS INTEGER) AS hop, substr(rest, 1, instr(rest, char(9)) - 1) AS reportId, caseId
        FROM (
            SELECT substr(part.value, 1, instr(part.value, char(9)) - 1) AS hop,
                substr(part.value, instr(part.value, char(9)) + 1) AS rest, caseFile.id AS caseId
            FROM caseFile, json_each(CAST(caseFile.body AS TEXT), '$.reports') AS part
        ) ORDER BY caseId, reportId, hop
        """

    private static func note(_ rows: [Row], in places: inout [String: [String]]) {
        for row in rows {
            places["\(row["reportId"] as String)/\(row["hop"] as Int)", default: []].append(row["caseId"])
        }
    }

    func finding() throws -> AuditFinding {
        var broken = cases.filter { $0.value.count > 1 }.map { "report \($0.key) is in \($0.value.count) cases" }
        for name in Set(cases.keys).union(kept.keys).union(withdrawn.keys) {
            if let fault = fault(of: name) { broken.append(fault) }
        }
        broken.sort()
        var accepted = 0
        for store in shelf.intake {
            for row in try store.rows("SELECT id FROM report ORDER BY number") {
                accepted += 1
                let id = ReportName.text(row["id"])
                if cases["\(id)/0"] == nil { broken.append("report \(id) of \(store.name) is in no case") }
            }
        }
        return AuditFinding(
            "every accepted report is in exactly one case, or was withdrawn from it", checked: accepted, broken: broken)
    }

    /// What is wrong where a report came into one case and that case does not say the same.
    private func fault(of name: String) -> String? {
        let came = cases[name, default: []]
        guard came.count <= 1 else { return nil }
        let here = kept[name, default: []]
        let gone = withdrawn[name, default: []]
        if here + gone == came { return nil }
        if here.isEmpty, gone.isEmpty { return "report \(name) is gone from its case, and nobody took it back" }
        if !here.isEmpty, !gone.isEmpty { return "report \(name) was taken back, and is still in its case" }
        return "report \(name) came into \(Self.words(came)), and is in \(Self.words(here + gone))"
    }

    private static func words(_ cases: [String]) -> String {
        cases.isEmpty ? "no case" : cases.map { "case \($0)" }.joined(separator: " and ")
    }
}
