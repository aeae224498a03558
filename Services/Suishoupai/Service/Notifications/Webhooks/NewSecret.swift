import Contracts
import Foundation

/// A secret that was just made: the only time that it is shown.
struct NewSecret: Encodable {
    let endpointId: EndpointID
    /// Absent for robots, whose secret is their own.
    let secret: String?
    let generation: Int

    func show(json: Bool, note: String) throws {
        guard !json else { return print(try ContractCoding.text(self)) }
        if let secret { print(secret) }
        FileHandle.standardError.write(Data((note + "\n").utf8))
    }
}
