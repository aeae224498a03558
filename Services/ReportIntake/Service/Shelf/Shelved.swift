import Contracts

/// What is known of a thing that was taken in; its type says what kind of thing that is.
protocol Shelved: Codable, Equatable, Sendable {
    associatedtype Named
    /// Why bytes are none of this kind, said to who sent them.
    associatedtype Refusal: Error, CustomStringConvertible

    static var kind: ShelfKind { get }

    /// SHA-256 of the bytes as they were sent, in lower-case hex.
    var id: Identifier<Named> { get }

    /// Reads what was sent, and makes what others get of it: hard work, to be done on a bench.
    ///
    /// - Throws: `Refusal` for what is none of this kind.
    static func make(of bytes: [UInt8], id: Identifier<Named>, at moment: Timestamp) throws -> ShelfPiece<Self>
}

/// A kind of thing that is sent before the report which names it.
struct ShelfKind: Sendable {
    /// Where it lies in the place and on the doors: `photos/…`, `/v1/photos`.
    let folder: String
    let one: String
    let many: String
    /// Bytes at most.
    let largest: Int

    var door: String { "/v1/\(folder)" }
}

/// A thing made ready to be kept.
struct ShelfPiece<Item: Sendable>: Sendable {
    let item: Item
    /// What others may have of it, by the names of the files.
    let parts: [(name: String, bytes: [UInt8])]
}
