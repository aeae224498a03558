/// Streams of which something was forgotten before it was read.
///
/// Whether there was anything, only their sources know, and they say how far they went with every answer. So they are asked
/// at least once after each loss, and again until something comes: a hole that was known before may be smaller than what
/// is missing now.
struct LostPlaces {
    private struct Place {
        /// The last row that was had of the stream.
        let last: Int64
        var asks = 0
    }

    /// So often it is asked whether there is anything to be had; a source that is away so long shows its next row by itself.
    static let mostAsks = 60
    private var places: [StreamTracker.Stream: Place] = [:]

    mutating func note(_ stream: StreamTracker.Stream, last: Int64) {
        places[stream] = Place(last: last)
    }

    func contains(_ stream: StreamTracker.Stream) -> Bool { places[stream] != nil }

    /// Takes note that the stream's source is asked now.
    mutating func asked(about stream: StreamTracker.Stream) { places[stream]?.asks += 1 }

    /// Streams that show no hole but may have one, with the row that would be next.
    mutating func open(_ tracker: StreamTracker) -> [(stream: StreamTracker.Stream, from: Int64)] {
        guard !places.isEmpty else { return [] }
        places = places.filter { stream, place in
            place.asks == 0 || place.asks < Self.mostAsks && tracker.last[stream, default: 0] == place.last
        }
        let holes = Set(tracker.holes.map(\.stream))
        return places.keys.filter { !holes.contains($0) }.sorted().map { ($0, tracker.last[$0, default: 0] + 1) }
    }
}
