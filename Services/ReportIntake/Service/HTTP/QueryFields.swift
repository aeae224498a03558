import Geography
import Hummingbird
import ServiceKit

/// Reads the parameters of a query and remembers every wrong one; an empty one counts as not given.
struct QueryFields {
    private let request: Request
    private(set) var errors: [ProblemDetails.FieldError] = []

    init(_ request: Request) {
        self.request = request
    }

    func text(_ name: String) -> String? {
        request.uri.queryParameters[name[...]].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func note(_ name: String, _ message: String) {
        errors.append(.init(field: name, message: message))
    }

    /// The place that `latitude` and `longitude` name in `datum`, which is WGS-84 where it is not given.
    ///
    /// Nil where it is wrong, which is noted.
    mutating func place() -> Place? {
        let latitude = degrees("latitude")
        let longitude = degrees("longitude")
        let datum: Datum? = text("datum").map { Datum(rawValue: $0) } ?? Datum.wgs84
        if datum == nil { note("datum", "must be one of gcj02, wgs84") }
        guard let latitude, let longitude, let datum else { return nil }
        let place = datum.place(latitude: latitude, longitude: longitude)
        if place == nil { note("latitude", "must be a place on Earth") }
        return place
    }

    private mutating func degrees(_ name: String) -> Double? {
        guard let number = text(name).flatMap(Double.init), number.isFinite else {
            note(name, "must be a number of degrees")
            return nil
        }
        return number
    }
}
