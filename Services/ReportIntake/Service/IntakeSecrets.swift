import Foundation
import ServiceKit

/// What intake makes and knows again by secrets of the data folder, the same at each instance that has them.
struct IntakeSecrets: Sendable {
    /// The nonces that go out with forms.
    let captures: CaptureNonces
    /// The names of hidden reporters, and links that nobody guesses.
    let pseudonyms: Pseudonyms

    /// - Throws: `DataFolderKeyError`.
    init(in dataFolder: URL) throws {
        captures = CaptureNonces(try DataFolderKeys(.captures, in: dataFolder))
        pseudonyms = Pseudonyms(try DataFolderKey.load(.reporters, in: dataFolder))
    }
}
