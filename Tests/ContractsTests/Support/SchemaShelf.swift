import Contracts
import Synchronization

/// The schemas, each read once: many tests ask for the same ones, and reading takes a debug build long.
enum SchemaShelf {
    private static let read: Mutex<[String: ContractJSON]> = Mutex([:])

    static func schema(named name: String) throws -> ContractJSON {
        try read.withLock { read in
            if let known = read[name] { return known }
            let schema = try SchemaFiles.schema(named: name)
            read[name] = schema
            return schema
        }
    }
}
