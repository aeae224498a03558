package import Contracts
import Geography

/// A report as far as oddities are looked for in it.
package struct SeenReport: Sendable, Equatable {
    package let reportId: ReportID
    package let personId: PersonID
    package let caseId: CaseID
    /// For people.
    package let caseNumber: String
    package let at: Timestamp
    /// Where it is; of one that joined, where its case is; nil where that is not known.
    package let location: Location?

    package init(
        reportId: ReportID, personId: PersonID, caseId: CaseID, caseNumber: String, at: Timestamp, location: Location?
    ) {
        self.reportId = reportId
        self.personId = personId
        self.caseId = caseId
        self.caseNumber = caseNumber
        self.at = at
        self.location = location
    }

    /// The report that an event tells of; nil for a step that brings none.
    ///
    /// - Parameter place: where a case is that was opened before.
    package init?(_ event: Envelope<CaseEvent>, place: (CaseID) throws -> Location?) rethrows {
        switch event.data {
        case .opened(let opened):
            self.init(
                reportId: opened.reportId, personId: opened.reporterId, caseId: opened.caseId,
                caseNumber: opened.caseNumber, at: opened.made?.submittedAt ?? opened.submittedAt,
                location: opened.location)
        case .reportJoined(let joined):
            let isNear = joined.distance <= Oddity.reach
            self.init(
                reportId: joined.reportId, personId: joined.reporterId, caseId: joined.case.caseId,
                caseNumber: joined.case.caseNumber, at: joined.made?.submittedAt ?? event.time,
                location: isNear ? try place(joined.case.caseId) : nil)
        case .changed, .transferred, .reportAmended, .reclassified: return nil
        }
    }

    /// Whether the two are so near that they count as one place.
    package func isNear(_ other: SeenReport) -> Bool {
        guard let location, let otherLocation = other.location else { return false }
        return location.isNear(otherLocation)
    }
}

/// That somebody reported what another had reported before them, and so confirmed it.
package struct Support: Sendable, Equatable {
    package let supporter: PersonID
    package let supported: PersonID
    package let caseId: CaseID
    package let caseNumber: String
    package let at: Timestamp

    package init(supporter: PersonID, supported: PersonID, caseId: CaseID, caseNumber: String, at: Timestamp) {
        self.supporter = supporter
        self.supported = supported
        self.caseId = caseId
        self.caseNumber = caseNumber
        self.at = at
    }

    /// What a report that joined a case confirms; nil where nobody is known on one side.
    package init?(_ joined: ReportJoined, at time: Timestamp) {
        guard let first = joined.case.reporterIds.first, first != joined.reporterId, first.canHoldPoints,
            joined.reporterId.canHoldPoints
        else { return nil }
        self.init(
            supporter: joined.reporterId, supported: first, caseId: joined.case.caseId,
            caseNumber: joined.case.caseNumber, at: time)
    }
}

extension Location {
    /// Nil where it is no place on earth.
    fileprivate var place: Place? { Place(latitudeE7: latitudeE7, longitudeE7: longitudeE7) }

    /// Whether two places count as one.
    package func isNear(_ other: Location) -> Bool {
        guard let here = place, let there = other.place else { return false }
        return distance(from: here, to: there) <= Oddity.reach
    }

    /// The cells of a grid in which everything within ``Oddity/reach`` of it lies, its own among them.
    package var cellsAround: [Int64] {
        place == nil ? [] : PlaceGrid.rows(around: self).flatMap { PlaceGrid.cells(in: $0, around: self) }
    }

    /// Its own cell of the grid; nil where it is no place on earth.
    package var cell: Int64? {
        guard place != nil else { return nil }
        let row = PlaceGrid.row(of: self)
        return PlaceGrid.cell(row: row, column: PlaceGrid.column(of: self, in: row))
    }
}

/// A grid over the Earth, no cell of it narrower than the reach of one place, so that only neighbours are compared.
private enum PlaceGrid {
    /// In 1e-7 degrees; 50 m are 4,497 of them.
    private static let height = 4_500
    private static let around = 3_600_000_000
    private static let mostColumns: Int64 = 1_000_000

    static func row(of location: Location) -> Int {
        (location.latitudeE7 + 900_000_000) / height
    }

    static func rows(around location: Location) -> [Int] {
        let row = row(of: location)
        return [row - 1, row, row + 1]
    }

    /// The width of a row's cells, which grow towards the poles; each goes round the Earth a whole number of times.
    private static func width(of row: Int) -> Int {
        let degrees = max(abs(row * height - 900_000_000), abs((row + 1) * height - 900_000_000)) / 10_000_000
        return switch degrees {
        case ..<60: 9_000
        case ..<80: 30_000
        case ..<88: 150_000
        default: around
        }
    }

    static func column(of location: Location, in row: Int) -> Int {
        (location.longitudeE7 + around / 2) / width(of: row) % columns(of: row)
    }

    private static func columns(of row: Int) -> Int { around / width(of: row) }

    static func cells(in row: Int, around location: Location) -> [Int64] {
        let (middle, count) = (column(of: location, in: row), columns(of: row))
        let columns = count < 3 ? Array(0..<count) : [-1, 0, 1].map { (middle + $0 + count) % count }
        return columns.map { cell(row: row, column: $0) }
    }

    static func cell(row: Int, column: Int) -> Int64 { Int64(row) * mostColumns + Int64(column) }
}
