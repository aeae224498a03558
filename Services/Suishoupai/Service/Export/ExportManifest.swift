import Contracts
import Crypto
import Foundation
import ServiceKit

/// What an export holds, so that whoever has it can prove that nothing was left out or changed.
///
/// Signed with Ed25519 over the bytes of the file; `deploy/verify-export.py` checks all of it.
struct ExportManifest: Codable, Equatable {
    struct File: Codable, Equatable {
        let name: String
        let bytes: Int
        /// In lower-case hex.
        let sha256: String
    }

    struct Part: Codable, Equatable {
        let partition: Int32
        /// The offsets that were looked at, from the first up to and without the end.
        let start: Int64
        let end: Int64
        let records: Int
        /// The rows taken, by the store that wrote them: it numbers them without gaps.
        let sources: [String: ExportProgress.Rows]
    }

    let product: String
    let format: Int
    let topic: String
    let log: String
    let from: Timestamp?
    let to: Timestamp?
    let exportedAt: Timestamp
    let records: Int
    let parts: [Part]
    let files: [File]
    /// Absent where the topic's records are in no chain.
    let chains: ExportChains?
    /// Ed25519, as base64.
    let publicKey: String
}

/// The newest link of each chain in an export, under one root.
struct ExportChains: Codable, Equatable {
    let chains: Int
    let links: Int
    /// RFC 6962, section 2.1, over the chains in the order of the bytes of their names; a leaf is the name, the number and
    /// the hash of the newest link, a line feed between two.
    let root: String

    /// Nil for a topic without chains.
    init?(_ folder: ExportFolder) throws {
        let chained = [TopicCatalogue.caseEvents, TopicCatalogue.pointsEvents].map(\.name)
        guard chained.contains(folder.topic) else { return nil }
        var heads: [String: CaseChain] = [:]
        var links: Set<String> = []
        func note(_ name: String, _ chain: ContractJSON?) {
            guard case .integer(let number)? = chain?["number"], case .string(let hash)? = chain?["hash"] else {
                return
            }
            links.insert(hash)
            if Int(number) > heads[name]?.number ?? 0 { heads[name] = CaseChain(number: Int(number), hash: hash) }
        }
        try folder.eachLine { line in
            let record = try ContractCoding.decode(ContractJSON.self, from: line)
            if case .array(let postings)? = record["data"]?["postings"] {
                for posting in postings {
                    if case .string(let account)? = posting["accountId"] { note(account, posting["chain"]) }
                }
            } else if case .string(let subject)? = record["subject"] {
                note(subject, record["data"]?["chain"])
            }
        }
        var root = PeriodRoot()
        for (name, head) in heads.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            root.add(ContentHash.digest(Data([0]) + Data("\(name)\n\(head.number)\n\(head.hash)".utf8)))
        }
        chains = heads.count
        self.links = links.count
        self.root = root.hex
    }
}

/// The key that signs the manifests of a data folder.
struct ExportKey {
    private let key: Curve25519.Signing.PrivateKey

    init(dataFolder: URL) throws {
        let secret = try DataFolderKey.load(.exports, in: dataFolder)
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: secret.bytes.prefix(32))
    }

    /// As base64.
    var publicKey: String { key.publicKey.rawRepresentation.base64EncodedString() }

    /// Writes a manifest and, beside it, its signature as base64.
    func sign(_ manifest: ExportManifest, in folder: ExportFolder) throws {
        let bytes = try ContractCoding.encode(manifest) + Data("\n".utf8)
        let signature = try key.signature(for: bytes).base64EncodedString()
        try folder.replace(folder.signature, with: Data("\(signature)\n".utf8))
        try folder.replace(folder.manifest, with: bytes)
    }
}
