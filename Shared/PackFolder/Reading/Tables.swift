import Contracts
import Foundation

func readUnits(_ folder: URL, _ problems: inout ProblemLog) -> [Entry<PackUnit>]? {
    let file = PackFile.units
    let table = CSVTable(file, in: folder, required: ["id", "name"], optional: ["superior"], &problems)
    guard let table else { return nil }
    let units = table.entries { row -> Entry<PackUnit>? in
        guard let id = row.text("id", &problems) else { return nil }
        checkID(id, file, row.position, &problems)
        let superior = row.optionalText("superior")
        return Entry(
            value: PackUnit(
                id: UnitID(id), name: row.text("name", &problems) ?? "",
                superiorId: superior.isEmpty ? nil : UnitID(superior)), position: row.position)
    }
    guard let units else { return nil }
    let distinct = dropDuplicates(units, file, called: "the unit", by: \.id, &problems)
    checkSuperiors(distinct, &problems)
    return distinct
}

/// The roles that a post of a pack can have.
package enum PackRole: String, Sendable, CaseIterable {
    /// 处置人员: handles cases for a unit.
    case worker
    /// 核查员: looks whether it was done.
    case verifier
    /// 派遣员: files and dispatches.
    case dispatcher
    /// 管理员.
    case admin
    /// 驿站工作人员: hands prizes out.
    case station
}

func readPeople(_ folder: URL, _ known: KnownNames, _ problems: inout ProblemLog) -> [Entry<PackPerson>]? {
    let file = PackFile.people
    let columns = ["id", "roles", "unitId", "communityIds"]
    guard let table = CSVTable(file, in: folder, required: columns, &problems) else { return nil }
    guard let people = table.entries({ readPerson($0, known, &problems) }) else { return nil }
    return dropDuplicates(people, file, called: "the person", by: \.id, &problems)
}

private func readPerson(
    _ row: CSVTable.Row, _ known: KnownNames, _ problems: inout ProblemLog
) -> Entry<PackPerson>? {
    guard let id = row.text("id", &problems) else { return nil }
    checkID(id, row.file, row.position, &problems)
    if row.list("roles").isEmpty {
        problems.add(.missingValue, row.file, row.position, "roles is empty", "fill in the cell")
    }
    for role in row.list("roles") where PackRole(rawValue: role) == nil {
        problems.add(
            .unknownRole, row.file, row.position, "the role \(role) is not known",
            "the roles are \(PackRole.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let unit = row.optionalText("unitId").isEmpty ? nil : UnitID(row.optionalText("unitId"))
    if let unit {
        _ = known.has(unit, row.file, row.position, &problems)
    } else if row.list("roles").contains(PackRole.worker.rawValue) {
        problems.add(
            .workerWithoutUnit, row.file, row.position, "the worker \(id) has no unit",
            "fill in unitId: a worker handles cases for a unit")
    }
    let communities = row.list("communityIds").map { CommunityID($0) }
    for community in communities { _ = known.has(community, row.file, row.position, &problems) }
    return Entry(
        value: PackPerson(id: PersonID(id), roles: row.list("roles"), unitId: unit, communityIds: communities),
        position: row.position)
}
