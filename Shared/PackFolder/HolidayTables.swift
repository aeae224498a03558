package import WorkingTime

/// The public holidays that a pack names, year by year, with what each day is called.
///
/// The compiled pack holds the days alone; names and sources are for people who ask why a day did not count.
package struct HolidayTables: Sendable, Equatable {
    /// What a day off, or a day worked in exchange, belongs to.
    package struct Festival: Sendable, Equatable {
        package let name: String
        package let english: String?

        package init(name: String, english: String?) {
            self.name = name
            self.english = english
        }
    }

    /// The years of which the pack knows the holidays; every other counts by the week alone.
    package private(set) var years: Set<Int> = []
    /// Where each year's table was taken from.
    package private(set) var sources: [Int: String] = [:]
    private(set) var holidays: [CivilDay: Festival] = [:]
    private(set) var makeUpDays: [CivilDay: Festival] = [:]

    /// The festival of a day off, or of the day worked for it; nil for all others.
    package func festival(of day: CivilDay) -> Festival? { holidays[day] ?? makeUpDays[day] }

    mutating func add(year: Int, source: String) {
        years.insert(year)
        sources[year] = source
    }

    /// Days that stand in the settings without a year's table of their own make one.
    mutating func add(unnamed days: [CivilDay]) {
        years.formUnion(days.map(\.year))
    }

    mutating func add(_ festival: Festival, off: [CivilDay], work: [CivilDay]) {
        for day in off { holidays[day] = festival }
        for day in work { makeUpDays[day] = festival }
    }
}
