package import Foundation

/// How a pack becomes records, and records a pack.
package enum PackTransport {
    /// Bytes of JSON in one part.
    ///
    /// In base64 and its envelope a part stays below 800 KB.
    package static let partSize = 550_000

    /// The parts of a pack, and the activation that follows them.
    ///
    package static func messages(for pack: Pack) throws -> (parts: [PackPart], activation: PackActivated) {
        let json = try ContractCoding.encode(pack)
        let hash = Pack.hash(of: json)
        let count = max(1, (json.count + partSize - 1) / partSize)
        let parts = (0..<count).map { index in
            let start = json.startIndex + index * partSize
            let end = min(json.endIndex, start + partSize)
            return PackPart(packHash: hash, index: index, count: count, content: json.subdata(in: start..<end))
        }
        return (
            parts, PackActivated(packHash: hash, packName: pack.name, packVersion: pack.version, partCount: count)
        )
    }

    /// Puts a pack together.
    ///
    /// - Throws: `ContractError.malformed` where the bytes do not have the hash, or are no pack.
    package static func assemble(_ parts: [Data], hash: String) throws -> Pack {
        var json = Data()
        for part in parts { json.append(part) }
        guard Pack.hash(of: json) == hash else {
            throw ContractError.malformed("the parts of pack \(hash) do not have its hash")
        }
        do {
            return try ContractCoding.decode(Pack.self, from: json)
        } catch let error as DecodingError {
            throw ContractError.malformed("pack \(hash): \(error.sentence)")
        }
    }

    /// The id of the record that carries a part or the activation of a pack to one partition: the same whenever it is sent.
    package static func recordID(hash: String, part: Int?, topic: String, partition: Int32) -> MessageID {
        let what = part.map { "part-\($0)" } ?? "activated"
        return MessageID(namespace: .suishoupai, name: "pack|\(hash)|\(what)|\(topic)|\(partition)")
    }
}
