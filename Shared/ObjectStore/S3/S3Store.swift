package import AsyncHTTPClient
import Crypto
package import Foundation
import NIOCore
import NIOHTTP1

/// A bucket, Amazon's or any that speaks S3, or what begins with a prefix in one.
///
/// A file is sent in one request that names the SHA-256 of its body, so what arrives is what was read, or nothing is.
package struct S3Store: ObjectStore {
    private let settings: S3Settings
    private let exchange: S3Exchange

    /// - Parameters:
    ///   - http: Set up as ``S3Client/configuration(_:)`` says; the caller shuts it down.
    ///   - now: The wall clock, which signatures carry.
    package init(
        _ settings: S3Settings, http: HTTPClient, patience: Duration = S3Client.patience,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.settings = settings
        exchange = S3Exchange(settings, http: http, patience: patience, now: now)
    }

    package func put(_ file: URL, as key: String) async throws {
        try ObjectKey.check(key)
        guard let source = try await SourceFile.open(file) else {
            throw ObjectStoreError.file(path: file.path(percentEncoded: false), reason: "is not there or is no file")
        }
        try checkSize(source.bytes, of: key)
        let hash = try await source.sha256()
        try await put(.file(source, sha256: hash), as: key)
    }

    package func put(_ bytes: Data, as key: String) async throws {
        try ObjectKey.check(key)
        try checkSize(Int64(bytes.count), of: key)
        try await put(.bytes(ByteBuffer(bytes: bytes), sha256: Hex.text(SHA256.hash(data: bytes))), as: key)
    }

    package func get(_ key: String, to file: URL) async throws -> Bool {
        try ObjectKey.check(key)
        let request = S3Request(method: .GET, key: name(of: key))
        return try await ifThere {
            try await exchange.send(request, about: key) { response, progress in
                try await DraftFile.filling(file) { draft in
                    for try await piece in response.body {
                        progress.moved()
                        try await draft.append(piece)
                    }
                }
            }
        } != nil
    }

    package func get(_ key: String) async throws -> Data? {
        try ObjectKey.check(key)
        let request = S3Request(method: .GET, key: name(of: key))
        return try await ifThere {
            try await exchange.send(request, about: key) { response, progress in
                var bytes = Data()
                for try await piece in response.body {
                    progress.moved()
                    bytes.append(contentsOf: piece.readableBytesView)
                    let length = response.headers.first(name: "content-length").flatMap { Int64($0) } ?? 0
                    let expected = max(Int64(bytes.count), length)
                    guard expected <= ObjectSize.small else {
                        throw ObjectStoreError.tooLarge(key: key, bytes: expected, limit: ObjectSize.small)
                    }
                }
                return bytes
            }
        }
    }

    package func list(_ prefix: String) async throws -> [StoredObject] {
        try ObjectKey.checkPrefix(prefix)
        var found: [StoredObject] = []
        var next: String?
        repeat {
            let page = try await page(prefix, after: next)
            found += page.objects
            next = page.next
        } while next != nil
        let begun = name(of: "")
        return found.compactMap { object in
            let key = String(object.key.dropFirst(begun.count))
            return ObjectKey.isKey(key) ? StoredObject(key: key, bytes: object.bytes) : nil
        }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    package func remove(_ key: String) async throws {
        try ObjectKey.check(key)
        _ = try await ifThere {
            try await exchange.send(S3Request(method: .DELETE, key: name(of: key)), about: key)
        }
    }

    private func put(_ payload: S3Request.Payload, as key: String) async throws {
        _ = try await exchange.send(S3Request(method: .PUT, key: name(of: key), payload: payload), about: key)
    }

    private func page(_ prefix: String, after token: String?) async throws -> S3Page {
        // Encoded, because others may have left keys in the bucket that XML cannot carry.
        var request = S3Request(
            method: .GET,
            query: [("list-type", "2"), ("encoding-type", "url"), ("prefix", name(of: prefix))])
        if let token { request.query.append(("continuation-token", token)) }
        let answer = try await exchange.send(request, about: prefix.isEmpty ? settings.place : prefix)
        guard let page = S3Page(answer.readableBytesView) else {
            throw ObjectStoreError.refused(
                key: prefix, status: 200, code: "", advice: "The answer is no list of keys: check S3_ENDPOINT.")
        }
        return page
    }

    /// What S3 calls the key.
    private func name(of key: String) -> String { settings.prefix.isEmpty ? key : "\(settings.prefix)/\(key)" }

    private func checkSize(_ bytes: Int64, of key: String) throws(ObjectStoreError) {
        guard bytes <= ObjectSize.onePut else { throw .tooLarge(key: key, bytes: bytes, limit: ObjectSize.onePut) }
    }

    /// Nil where S3 says that there is no such key; a missing bucket, or a stranger's 404, is an error.
    private func ifThere<Value>(_ ask: () async throws -> Value) async throws -> Value? {
        do {
            return try await ask()
        } catch ObjectStoreError.refused(_, 404, "NoSuchKey", _) {
            return nil
        }
    }
}
