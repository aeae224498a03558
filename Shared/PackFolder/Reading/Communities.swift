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
            outline: area.polygons.map { polygon in
                ([polygon.outline] + polygon.holes).map { deltas(of: $0.corners) }
            })
    }
}

/// The corners as a pack carries them: the first, then the difference of each to the one before.
private func deltas(of corners: [Place]) -> [Int] {
    var latitude = 0
    var longitude = 0
    return corners.flatMap { corner in
        let step = [Int(corner.latitudeE7) - latitude, Int(corner.longitudeE7) - longitude]
        latitude = Int(corner.latitudeE7)
        longitude = Int(corner.longitudeE7)
        return step
    }
}

/// Reads the communities in the file's order, which decides where they overlap.
func readCommunities(
    _ folder: URL, _ settings: PackSettings?, _ problems: inout ProblemLog
) -> [Entry<CommunityDraft>]? {
    let file = PackFile.communities
    guard let data = file.data(in: folder, &problems) else { return nil }
    guard let features = readFeatures(data, &problems) else { return nil }
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
    func property(_ name: String) -> String? {
        guard let text = feature.value.properties[name]?.trimmingCharacters(in: .whitespaces), !text.isEmpty else {
            problems.add(
                .missingValue, file, feature.position, "the property \(name) is missing", "add it to the feature")
            return nil
        }
        return text
    }
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

// MARK: - Features

/// The features, nil for one that cannot be used; nil where the file is no collection of features.
private func readFeatures(_ data: Data, _ problems: inout ProblemLog) -> [Entry<GeoJSON.Feature>?]? {
    let problem: GeoJSON.ReadingError
    do {
        let features = try GeoJSON.read(data)
        return features.enumerated().map { Entry(value: $1, position: .feature($0 + 1)) }
    } catch {
        problem = error
    }
    guard problem.feature != nil else {
        problems.add(
            .unreadable, .communities, nil, problem.problem, "export it as a GeoJSON FeatureCollection in WGS-84")
        return nil
    }
    // The reader stops at the first feature that it cannot use; the author wants to hear of the others too.
    do {
        return try separately(data, &problems)
    } catch {
        problems.add(.unreadable, .communities, nil, "\(error)", "export it as a GeoJSON FeatureCollection in WGS-84")
        return nil
    }
}

private func separately(_ data: Data, _ problems: inout ProblemLog) throws -> [Entry<GeoJSON.Feature>?] {
    let document = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let members = document?["features"] as? [Any] ?? []
    var features: [Entry<GeoJSON.Feature>?] = []
    for (index, member) in members.enumerated() {
        let alone = try JSONSerialization.data(withJSONObject: ["type": "FeatureCollection", "features": [member]])
        do {
            let read = try GeoJSON.read(alone)
            features += read.map { Entry(value: $0, position: .feature(index + 1)) }
        } catch {
            problems.add(
                .brokenOutline, .communities, .feature(index + 1), error.problem,
                "draw the outline again, or export it once more")
            features.append(nil)
        }
    }
    return features
}
