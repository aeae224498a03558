package import Contracts
package import Geography
import Vocabulary

/// A landmark, and how far it is from where somebody stands.
package struct FoundLandmark: Equatable, Sendable {
    package let landmark: PackLandmark
    /// In whole metres; nil where nobody said where they stand.
    package let distance: Int?
}

/// The places of a pack that people know by name.
///
/// Names are compared as keywords are: capitals and full-width letters are letters.
package struct Landmarks: Sendable {
    /// For a pack that names none.
    package static let none = Landmarks([])

    private struct Named: Sendable {
        let landmark: PackLandmark
        let names: [[UInt8]]
    }

    /// In the pack's order.
    private let all: [Named]
    private let positions: [LandmarkID: Int]
    private let owners: [[UInt8]: Int]

    package init(of pack: Pack) {
        self.init(pack.landmarks ?? [])
    }

    private init(_ landmarks: [PackLandmark]) {
        all = landmarks.map { Named(landmark: $0, names: $0.names.map(Self.folded)) }
        positions = Dictionary(landmarks.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let names = all.enumerated().flatMap { position, named in named.names.map { ($0, position) } }
        owners = Dictionary(names) { first, _ in first }
    }

    package subscript(id: LandmarkID) -> PackLandmark? {
        positions[id].map { all[$0].landmark }
    }

    /// The landmark that is called exactly so.
    package func called(_ name: String) -> PackLandmark? {
        owners[Self.folded(name)].map { all[$0].landmark }
    }

    /// Landmarks with these letters in one of their names, the nearest first; in the pack's order where no place is given.
    ///
    /// - Parameters:
    ///   - letters: nil for every landmark.
    ///   - place: where somebody stands.
    package func find(_ letters: String?, near place: Place?, atMost most: Int) -> [FoundLandmark] {
        let wanted = letters.map(Self.folded) ?? []
        let fitting = all.filter { named in
            wanted.isEmpty || named.names.contains { $0.firstRange(of: wanted) != nil }
        }
        guard let place else {
            return fitting.prefix(most).map { FoundLandmark(landmark: $0.landmark, distance: nil) }
        }
        let ranked = fitting.map { (landmark: $0.landmark, centimetres: Self.distance(to: $0.landmark, from: place)) }
            .sorted { ($0.centimetres, $0.landmark.id) < ($1.centimetres, $1.landmark.id) }
        return ranked.prefix(most).map { FoundLandmark(landmark: $0.landmark, distance: ($0.centimetres + 50) / 100) }
    }

    private static func distance(to landmark: PackLandmark, from place: Place) -> Int {
        let other = Place(latitudeE7: landmark.latitudeE7, longitudeE7: landmark.longitudeE7)
        return other.map { Geography.distance(from: place, to: $0) } ?? Int.max - 50
    }

    /// Without blanks around it, of any width.
    private static func folded(_ text: String) -> [UInt8] {
        let bytes = Folding.bytes(of: text)
        guard let first = bytes.firstIndex(where: { $0 != 0x20 }), let last = bytes.lastIndex(where: { $0 != 0x20 })
        else { return [] }
        return Array(bytes[first...last])
    }
}
