package import Contracts

extension Case {
    /// A photo that came with a report of the case, or later.
    package struct Photo: Codable, Sendable, Equatable {
        package let id: PhotoID
        /// What it looks like; nil where that was not kept.
        package let look: String?
        /// The reports that have it: with the last of them the case loses it.
        package internal(set) var reportIds: [ReportID]
    }

    /// The most photos that a case keeps; those that come later are only in their events.
    package static let mostPhotos = 24

    /// Takes in the photos of a report, in order of coming, none twice.
    mutating func take(_ coming: [ReportPhoto], of reportId: ReportID) {
        receive(coming.map { Photo(id: $0.id, look: $0.look, reportIds: [reportId]) }, of: [reportId])
    }

    /// Takes in those photos of another case that belong to these reports.
    mutating func receive(_ coming: [Photo]?, of reportIds: [ReportID]) {
        var kept = photos ?? []
        for photo in coming ?? [] {
            let owners = photo.reportIds.filter { reportIds.contains($0) }
            guard !owners.isEmpty else { continue }
            if let index = kept.firstIndex(where: { $0.id == photo.id }) {
                kept[index].reportIds += owners.filter { !kept[index].reportIds.contains($0) }
            } else if kept.count < Self.mostPhotos {
                kept.append(Photo(id: photo.id, look: photo.look, reportIds: owners))
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
