import Contracts
import Foundation

/// Reads who pays for points 出资方; empty where nobody is named.
func readFunders(
    _ points: YAMLTable, _ settings: PackSettings?, _ problems: inout ProblemLog
) -> [Entry<PackFunder>]? {
    let keys = ["funder", "name", "ledger", "line", "budgets"]
    let funders = points.tables("funders", keys: keys, &problems).map { table -> Entry<PackFunder>? in
        guard let table, let id = table.text("funder", &problems) else { return nil }
        let before = problems.problems.count
        checkID(id, table.file, table.position, &problems)
        guard let budgets = readBudgets(table, &problems) else { return nil }
        let ledger = table.optionalText("ledger", &problems).map { LedgerID($0) }
        let funder = PackFunder(
            id: FunderID(id), name: table.text("name", &problems) ?? "",
            ledgerId: settings.ledger(ledger, table.file, table.position(of: "ledger"), &problems),
            line: within(0...1_000_000_000, "line", of: table, &problems), budgets: budgets)
        return Entry(
            value: funder, position: table.position, isSound: problems.problems.count == before)
    }
    guard let complete = withoutGaps(funders) else { return nil }
    return dropDuplicates(complete, points.file, called: "the funder", by: \.id, &problems)
}

/// In order of their days; two of one day would be one, since a day's budget is put in once.
private func readBudgets(_ funder: YAMLTable, _ problems: inout ProblemLog) -> [PackFunder.Budget]? {
    let budgets = funder.tables("budgets", keys: ["from", "points"], &problems).map {
        table -> Entry<PackFunder.Budget>? in
        guard let table, let from = readDay("from", of: table, isNeeded: true, &problems) else { return nil }
        let points = within(1...1_000_000_000, "points", of: table, &problems)
        return Entry(value: PackFunder.Budget(from: from, points: points), position: table.position)
    }
    guard let complete = withoutGaps(budgets) else { return nil }
    return dropDuplicates(complete, funder.file, called: "the budget of", by: \.from, &problems).map(\.value)
        .sorted { $0.from < $1.from }
}

/// Reads the teams 志愿服务队; there are none where the folder has no such file.
func readTeams(_ folder: URL, _ settings: PackSettings?, _ problems: inout ProblemLog) -> [Entry<PackTeam>]? {
    let file = PackFile.teams
    guard file.exists(in: folder) else { return [] }
    let columns = ["team", "name", "ledger", "leader", "members"]
    guard let table = CSVTable(file, in: folder, required: columns, &problems) else { return nil }
    let teams = table.entries { row -> Entry<PackTeam>? in
        guard let id = row.text("team", &problems), let leader = row.text("leader", &problems) else { return nil }
        checkID(id, file, row.position, &problems)
        let ledger = row.optionalText("ledger")
        let members = row.list("members")
        for person in [leader] + members { checkID(person, file, row.position, &problems) }
        return Entry(
            value: PackTeam(
                id: TeamID(id), name: row.text("name", &problems) ?? "",
                ledgerId: settings.ledger(ledger.isEmpty ? nil : LedgerID(ledger), file, row.position, &problems),
                leaderId: PersonID(leader),
                memberIds: (members.contains(leader) ? members : [leader] + members).map { PersonID($0) }),
            position: row.position)
    }
    guard let teams else { return nil }
    let distinct = dropDuplicates(teams, file, called: "the team", by: \.id, &problems)
    checkMembers(distinct, &problems)
    return distinct
}

/// Notes people of two teams of one ledger: nobody could tell whose points theirs are.
private func checkMembers(_ teams: [Entry<PackTeam>], _ problems: inout ProblemLog) {
    struct Place: Hashable {
        let ledgerId: LedgerID
        let personId: PersonID
    }
    var first: [Place: TeamID] = [:]
    for team in teams {
        for member in team.value.memberIds {
            let place = Place(ledgerId: team.value.ledgerId, personId: member)
            if let other = first[place], other != team.value.id {
                problems.add(
                    .memberOfTwoTeams, .teams, team.position, "\(member) is in \(other) and in \(team.value.id)",
                    "leave them in one team of the ledger: its points are that team's")
            }
            first[place] = first[place] ?? team.value.id
        }
    }
}

extension PackSettings? {
    /// The ledger of this name, or the first where none is named; notes one that is unknown.
    fileprivate func ledger(
        _ named: LedgerID?, _ file: PackFile, _ position: PackProblem.Position?, _ problems: inout ProblemLog
    ) -> LedgerID {
        guard let self else { return named ?? "" }
        guard let named else { return self.ledgers.first ?? "" }
        if !self.ledgers.contains(named) {
            problems.add(
                .unknownLedger, file, position, "the ledger \(named) is not in \(PackFile.pack.rawValue)",
                "add it to `ledgers` there, or leave it out for the first of them")
        }
        return named
    }
}
