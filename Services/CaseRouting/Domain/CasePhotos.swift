package import Contracts

extension Case {
    /// A photo that came with a report of the case, or later.
    package struct Photo: Codable, Sendable, Equatable {
        package let id: PhotoID
        /// The reports that have it: with the last of them the case loses it.
        package internal(set) var reportIds: [ReportID]
    }

    /// The most photos that a case keeps; those that come later are only in their events.
    package static let mostPhotos = 24

    /// Takes in the photos of a report, in order of coming, none twice.
    mutating func take(_ ids: [PhotoID], of reportId: ReportID) {
        var kept = photos ?? []
        for id in ids {
            if let index = kept.firstIndex(where: { $0.id == id }) {
                if !kept[index].reportIds.contains(reportId) { kept[index].reportIds.append(reportId) }
            } else if kept.count < Self.mostPhotos {
                kept.append(Photo(id: id, reportIds: [reportId]))
            }
        }
        photos = kept.isEmpty ? nil : kept
    }

    /// Lets go of a report's photos but for those that remain; what another report has, too, stays.
    mutating func lose(photosOf reportId: ReportID, but remaining: [PhotoID] = []) {
        var kept = photos ?? []
        for index in kept.indices where !remaining.contains(kept[index].id) {
            kept[index].reportIds.removeAll { $0 == reportId }
        }
        kept.removeAll { $0.reportIds.isEmpty }
        photos = kept.isEmpty ? nil : kept
    }
}
