import Contracts
import Foundation
import Geography

/// A community with its area as read.
struct CommunityDraft {
    let id: CommunityID
    let name: String
    let ledgerId: LedgerID
    let caseNumberPrefix: String
    let area: MultiPolygon

    var compiled: PackCommunity {
        PackCommunity(
            id: id, name: name, ledgerId: ledgerId, caseNumberPrefix: caseNumberPrefix,
            outline: area.asOutline)
    }
}

/// Reads the communities in the file's order, which decides where they overlap.
func readCommunities(
    _ folder: URL, _ settings: PackSettings?, _ problems: inout ProblemLog
) -> [Entry<CommunityDraft>]? {
    let file = PackFile.communities
    guard let data = file.data(in: folder, &problems) else { return nil }
    guard let features = readFeatures(data, of: file, &problems) else { return nil }
    if features.isEmpty {
        problems.add(.missingValue, file, nil, "there is no community in it", "draw at least one")
    }
    let drafts = features.map { feature in feature.flatMap { readCommunity($0, settings, &problems) } }
    guard let complete = withoutGaps(drafts) else { return nil }
    return dropDuplicates(complete, file, called: "the community", by: \.id, &problems)
}

private func readCommunity(
    _ feature: Entry<GeoJSON.Feature>, _ settings: PackSettings?, _ problems: inout ProblemLog
) -> Entry<CommunityDraft>? {
    let file = PackFile.communities
    func property(_ name: String) -> String? { feature.property(name, of: file, &problems) }
    guard let id = property("id") else { return nil }
    checkID(id, file, feature.position, &problems)
    if CommunityID(id) == .unassigned {
        problems.add(
            .badID, file, feature.position, "\(id) is the name of where no community is", "choose another id")
    }
    let prefix = property("caseNumberPrefix") ?? ""
    if !prefix.isEmpty { checkID(prefix, file, feature.position, &problems) }
    let ledger = feature.value.properties["ledgerId"].map { LedgerID($0) }
    if let ledger, let settings, !settings.ledgers.contains(ledger) {
        problems.add(
            .unknownLedger, file, feature.position, "the ledger \(ledger) is not in \(PackFile.pack.rawValue)",
            "add it to `ledgers` there, or leave ledgerId out for the first of them")
    }
    return Entry(
        value: CommunityDraft(
            id: CommunityID(id), name: property("name") ?? "",
            ledgerId: ledger ?? settings?.ledgers.first ?? "", caseNumberPrefix: prefix, area: feature.value.area),
        position: feature.position)
}
