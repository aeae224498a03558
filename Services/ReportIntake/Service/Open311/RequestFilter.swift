import Contracts

/// Which service requests a call asks for.
enum RequestFilter: Equatable, Sendable {
    /// These, whatever else the call says.
    case ids([String])
    case all(CaseFilter)

    static let mostIDs = 1_000

    /// - Parameter isExact: whether the caller may know exact places.
    /// - Throws: `Open311Fault` 400 with everything that is wrong.
    init(_ arguments: Open311Arguments, isExact: Bool, now: Timestamp) throws(Open311Fault) {
        let ids = arguments.list("service_request_id")
        guard ids.count <= Self.mostIDs else {
            throw .badRequest("Ask for at most \(Self.mostIDs) ids in service_request_id.")
        }
        guard ids.isEmpty else {
            self = .ids(ids)
            return
        }
        var wrong: [String] = []
        let filter = CaseFilter(
            submitted: arguments.span(upTo: now, usually: DateSpan.longest, wrong: &wrong),
            isOpen: arguments.isOpen(wrong: &wrong), categories: arguments.categories(wrong: &wrong),
            box: arguments.box(wrong: &wrong), page: arguments.page(wrong: &wrong), isExact: isExact)
        try Open311Fault.throwIfAny(wrong)
        self = .all(filter)
    }
}

/// How long a span of time a call may look at.
enum DateSpan {
    /// 90 days.
    static let longest: Int64 = 90 * 86_400_000
}

extension Open311Arguments {
    /// The span between `start_date` and `end_date`, each to the second and both included.
    ///
    /// - Parameter usually: how far it reaches back from its end where no start is given.
    func span(upTo now: Timestamp, usually: Int64, wrong: inout [String]) -> Range<Timestamp> {
        let start = moment("start_date", wrong: &wrong)
        let end = moment("end_date", wrong: &wrong)
        let first = start ?? (end ?? now).adding(milliseconds: -usually)
        let last = end ?? start?.adding(milliseconds: DateSpan.longest)
        guard let last else { return first..<Timestamp(milliseconds: .max) }
        if last < first {
            wrong.append("end_date must not lie before start_date.")
        } else if last.milliseconds - first.milliseconds > DateSpan.longest {
            wrong.append("start_date and end_date must lie at most 90 days apart.")
        }
        // Moments are told to the second, so that second belongs to the span as a whole.
        return first..<max(first, last.adding(milliseconds: 1_000 - last.milliseconds % 1_000))
    }

    /// Which part of the list: `page` from 1, `page_size` up to 1,000, which it is when not given.
    func page(wrong: inout [String]) -> CasePage {
        let number = integer("page", in: 1...1_000_000, wrong: &wrong) ?? 1
        let size = integer("page_size", in: 1...1_000, wrong: &wrong) ?? 1_000
        return CasePage(limit: size, offset: (number - 1) * size)
    }

    fileprivate func isOpen(wrong: inout [String]) -> Bool? {
        let words = Set(list("status").map { $0.lowercased() })
        if !words.isSubset(of: ["open", "closed"]) { wrong.append("status must be open, closed, or open,closed.") }
        return words.count == 1 ? words.contains("open") : nil
    }

    fileprivate func categories(wrong: inout [String]) -> [String] {
        let codes = list("service_code")
        if codes.count > RequestFilter.mostIDs {
            wrong.append("Ask for at most \(RequestFilter.mostIDs) codes in service_code.")
        }
        return codes
    }

    fileprivate func box(wrong: inout [String]) -> CaseBox? {
        let corners = ["lat_sw", "long_sw", "lat_ne", "long_ne"].map { self[$0] }
        guard corners.contains(where: { $0 != nil }) else { return nil }
        let numbers = corners.compactMap { $0.flatMap(Double.init) }
        guard numbers.count == 4, let southWest = Location(latitude: numbers[0], longitude: numbers[1]),
            let northEast = Location(latitude: numbers[2], longitude: numbers[3]),
            southWest.latitudeE7 <= northEast.latitudeE7
        else {
            wrong.append(
                "lat_sw, long_sw, lat_ne and long_ne must be given together, in degrees, the south-west corner first.")
            return nil
        }
        return CaseBox(southWest: southWest, northEast: northEast)
    }

    private func moment(_ name: String, wrong: inout [String]) -> Timestamp? {
        guard let text = self[name] else { return nil }
        // A + that was not escaped comes as a blank.
        guard let moment = Timestamp(text.replacing(" ", with: "+")) else {
            wrong.append("\(name) must be a moment such as 2026-03-01T00:00:00Z.")
            return nil
        }
        return moment
    }

    private func integer(_ name: String, in range: ClosedRange<Int>, wrong: inout [String]) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            wrong.append("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return number
    }
}
