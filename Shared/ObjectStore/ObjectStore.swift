package import Foundation

/// Files under keys, found by every machine that is given the same place.
///
/// An object is whole or not there: no reader ever sees half of one, whoever is killed while writing. Keys are the same
/// for every place, see ``ObjectKey``. Nothing is locked: of two that write one key, the later one stands.
package protocol ObjectStore: Sendable {
    /// Stores the file's bytes under the key: whoever reads the key finds all of them, or what stood there before.
    ///
    /// The file must not change meanwhile; replacing it by another of that name does no harm.
    func put(_ file: URL, as key: String) async throws

    /// Stores the bytes under the key, as whole as a file.
    func put(_ bytes: Data, as key: String) async throws

    /// Copies the bytes to a file, which is replaced in one step; false where there is no such key.
    ///
    /// Without the key, and after an error, the file is what it was.
    func get(_ key: String, to file: URL) async throws -> Bool

    /// The bytes of a small object; nil where there is no such key.
    ///
    /// - Throws: `ObjectStoreError.tooLarge` above ``ObjectSize/small``.
    func get(_ key: String) async throws -> Data?

    /// All keys that begin with the prefix, in the order of their bytes.
    ///
    /// What others left in the place under names that are no keys is not listed.
    func list(_ prefix: String) async throws -> [StoredObject]

    /// Takes the object away; removing what is not there is no error.
    func remove(_ key: String) async throws
}

/// A key that stands in a store.
package struct StoredObject: Sendable, Hashable {
    package let key: String
    package let bytes: Int64

    package init(key: String, bytes: Int64) {
        self.key = key
        self.bytes = bytes
    }
}

/// How large an object may be.
package enum ObjectSize {
    /// What fits into memory without a thought: 16 MB.
    package static let small: Int64 = 16 << 20
    /// What S3 takes in one request: 5 GB.
    package static let onePut: Int64 = 5 << 30
}
