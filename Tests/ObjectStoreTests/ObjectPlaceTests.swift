import Foundation
import Testing

@testable import ObjectStore

private let keys = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "open-sesame"]

private func settings(_ text: String, _ more: [String: String] = [:]) throws -> S3Settings {
    guard case .s3(let settings) = try ObjectPlace(text: text, environment: keys.merging(more) { $1 }) else {
        throw ObjectStoreError.configuration("\(text) is no bucket")
    }
    return settings
}

private func refusal(_ text: String, _ environment: [String: String]) -> String? {
    #expect(throws: ObjectStoreError.self) { try ObjectPlace(text: text, environment: environment) }?.description
}

@Test func `a folder is written as a path or as file`() throws {
    let paths = ["/mnt/shared": "/mnt/shared/", "file:///mnt/my%20files": "/mnt/my files/", "/a: b/c": "/a: b/c/"]
    for (text, path) in paths {
        #expect(try ObjectPlace(text: text, environment: [:]).description == path)
    }
    let here = FileManager.default.currentDirectoryPath
    #expect(try ObjectPlace(text: "shared", environment: [:]).description == "\(here)/shared/")
    #expect(try ObjectPlace(text: "/mnt", environment: [:]).open() is FolderStore)
}

@Test func `a bucket is taken from the text, all else from the environment`() throws {
    let plain = try settings("s3://city")
    #expect(plain.endpoint.absoluteString == "https://s3.us-east-1.amazonaws.com")
    #expect(plain.prefix == "")
    #expect(plain.addressing == .virtual)
    #expect(plain.credentials.sessionToken == nil)
    #expect(try settings("s3://city/a/b/").prefix == "a/b")
    #expect(try settings("S3://city/").prefix == "")
    #expect(try settings("s3://city.gov").addressing == .path)

    let full = try settings(
        "s3://city/a",
        ["S3_REGION": "oss-cn", "AWS_REGION": "eu", "S3_ENDPOINT": "http://minio:9000/", "AWS_SESSION_TOKEN": "t"])
    #expect(full.region == "oss-cn")
    #expect(full.addressing == .path)
    #expect(
        full.credentials
            == S3Settings.Credentials(accessKeyID: "AKID", secretAccessKey: "open-sesame", sessionToken: "t"))
    #expect(full.place == "s3://city/a")
    #expect(try settings("s3://city", ["AWS_REGION": "cn-north-1"]).endpoint.host() == "s3.cn-north-1.amazonaws.com.cn")
    #expect(try settings("s3://city", ["S3_ENDPOINT": "https://x", "S3_ADDRESSING": "Virtual"]).addressing == .virtual)
}

@Test func `what is missing or wrong is named, and no secret with it`() {
    #expect(refusal("", keys)?.contains("is missing") == true)
    #expect(refusal("s3://city", [:]) == "AWS_ACCESS_KEY_ID is missing.")
    #expect(refusal("s3://city", ["AWS_ACCESS_KEY_ID": "AKID"]) == "AWS_SECRET_ACCESS_KEY is missing.")
    #expect(
        refusal("s3://city", keys.merging(["AWS_SECRET_ACCESS_KEY": ""]) { $1 }) == "AWS_SECRET_ACCESS_KEY is missing.")
    for endpoint in [
        "minio:9000", "ftp://x", "http://", "http://x/path", "http://u:open-sesame@x", "http://x?y=1", "://",
    ] {
        let sentence = refusal("s3://city", keys.merging(["S3_ENDPOINT": endpoint]) { $1 })
        #expect(sentence?.hasPrefix("S3_ENDPOINT must be") == true, "\(endpoint)")
        #expect(sentence?.contains("sesame") == false)
    }
    #expect(refusal("s3://city", keys.merging(["S3_ADDRESSING": "host"]) { $1 })?.hasPrefix("S3_ADDRESSING") == true)
    #expect(refusal("s3://city", keys.merging(["S3_REGION": "a b"]) { $1 })?.hasPrefix("S3_REGION") == true)
    for place in ["s3://", "s3:///a", "s3://ab", "s3://City", "s3://city/../x", "s3://city//x", "s3://a b"] {
        #expect(refusal(place, keys)?.hasPrefix("A bucket is written") == true, "\(place)")
    }
    for place in ["https://x/y", "file://host/x", "gs://city"] { #expect(refusal(place, keys) != nil) }
}

@Test func `no secret is in anything that prints settings`() throws {
    let settings = try settings("s3://city/a", ["AWS_SESSION_TOKEN": "abracadabra"])
    var dumped = ""
    dump(ObjectPlace.s3(settings), to: &dumped)
    dump(settings.credentials, to: &dumped)
    dumped += "\(settings) \(String(reflecting: settings)) \(settings.credentials) \(ObjectPlace.s3(settings))"
    dumped += String(reflecting: settings.credentials)

    #expect(dumped.contains("s3://city/a"))
    #expect(!dumped.contains("sesame"))
    #expect(!dumped.contains("abracadabra"))
}
