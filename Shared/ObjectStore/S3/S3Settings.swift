package import Foundation

/// A bucket, and how to reach it.
///
/// ## Environment
/// * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`: required
/// * `AWS_SESSION_TOKEN`: with keys that are lent for a while
/// * `S3_REGION`, else `AWS_REGION`: default `us-east-1`
/// * `S3_ENDPOINT`: any server that speaks S3, `https://…`; default Amazon's of the region
/// * `S3_ADDRESSING`: `path` or `virtual`, whether the bucket stands in the path or in the host's name; default `path`
///   with `S3_ENDPOINT`, else `virtual`
package struct S3Settings: Sendable, Equatable {
    /// Who asks.
    package struct Credentials: Sendable, Equatable {
        package var accessKeyID: String
        package var secretAccessKey: String
        package var sessionToken: String?

        package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }
    }

    /// Where a request names the bucket.
    package enum Addressing: String, Sendable {
        case path
        case virtual
    }

    package var endpoint: URL
    package var region: String
    package var bucket: String
    /// Begins every key in the bucket; empty, or a key itself.
    package var prefix: String
    package var addressing: Addressing
    package var credentials: Credentials

    package init(
        endpoint: URL, region: String, bucket: String, prefix: String, addressing: Addressing, credentials: Credentials
    ) {
        self.endpoint = endpoint
        self.region = region
        self.bucket = bucket
        self.prefix = prefix
        self.addressing = addressing
        self.credentials = credentials
    }

    /// The bucket and the prefix as people write them.
    package var place: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }
}

// MARK: - From the environment

extension S3Settings {
    /// Reads the settings from environment variables, see the list on this type.
    ///
    /// - Throws: `ObjectStoreError.configuration`, naming the variable and never its value.
    package static func fromEnvironment(
        _ env: [String: String], bucket: String, prefix: String
    ) throws -> S3Settings {
        func text(_ name: String) -> String? {
            env[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        func required(_ name: String) throws -> String {
            guard let value = text(name) else { throw ObjectStoreError.configuration("\(name) is missing.") }
            return value
        }

        let prefix = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
        guard isBucket(bucket), prefix.isEmpty || (ObjectKey.isKey(prefix) && prefix.utf8.count <= 255) else {
            throw ObjectStoreError.configuration(
                "A bucket is written s3://name or s3://name/prefix, the prefix of letters, digits and ._=- between slashes."
            )
        }
        let region = text("S3_REGION") ?? text("AWS_REGION") ?? "us-east-1"
        guard region.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }) else {
            throw ObjectStoreError.configuration(
                "S3_REGION (or AWS_REGION) must be a region's name, such as eu-west-1.")
        }
        return S3Settings(
            endpoint: try endpoint(text("S3_ENDPOINT"), region: region), region: region, bucket: bucket, prefix: prefix,
            addressing: try addressing(text("S3_ADDRESSING"), ownEndpoint: text("S3_ENDPOINT") != nil, bucket: bucket),
            credentials: Credentials(
                accessKeyID: try required("AWS_ACCESS_KEY_ID"), secretAccessKey: try required("AWS_SECRET_ACCESS_KEY"),
                sessionToken: text("AWS_SESSION_TOKEN")))
    }

    private static func endpoint(_ text: String?, region: String) throws -> URL {
        // Amazon in China is a house of its own, with a name of its own.
        let text = text ?? "https://s3.\(region).amazonaws.com\(region.hasPrefix("cn-") ? ".cn" : "")"
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()),
            url.host()?.isEmpty == false, ["", "/"].contains(url.path()), url.query() == nil, url.fragment() == nil,
            url.user() == nil, url.password() == nil
        else {
            throw ObjectStoreError.configuration("S3_ENDPOINT must be http:// or https://, a host and perhaps a port.")
        }
        return url
    }

    private static func addressing(_ text: String?, ownEndpoint: Bool, bucket: String) throws -> Addressing {
        guard let text else {
            // No certificate covers a bucket's name with dots in it.
            return ownEndpoint || bucket.contains(".") ? .path : .virtual
        }
        guard let addressing = Addressing(rawValue: text.lowercased()) else {
            throw ObjectStoreError.configuration("S3_ADDRESSING must be path or virtual.")
        }
        return addressing
    }

    private static func isBucket(_ text: String) -> Bool {
        (3...63).contains(text.utf8.count) && text.utf8.first.map(isLetterOrDigit) ?? false
            && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

// MARK: - Without secrets

extension S3Settings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "S3Settings(\(place), endpoint \(endpoint), region \(region))" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}

extension S3Settings.Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "Credentials(***)" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["credentials": "***"]) }
}
