import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import ObjectStore

/// Amazon's own examples: "Authenticating Requests: Using the Authorization Header" and "Signature Version 4: derive a
/// signing key".
struct SignatureTests {
    private let moment = "20130524T000000Z"
    private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private let host = (name: "Host", value: "examplebucket.s3.amazonaws.com")
    private let signature = SignatureV4(
        credentials: .init(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1", service: "s3")

    private func headers(_ more: [(name: String, value: String)], payload: String) -> [(name: String, value: String)] {
        [host] + more + [(name: "x-amz-content-sha256", value: payload), (name: "x-amz-date", value: moment)]
    }

    @Test func `getting an object is signed as Amazon signs it`() {
        let subject = SignatureV4.Subject(
            method: "GET", path: "/test.txt", query: [], headers: headers([("Range", "bytes=0-9")], payload: empty),
            payload: empty)

        #expect(
            signature.stringToSign(subject, at: moment) == """
                AWS4-HMAC-SHA256
                20130524T000000Z
                20130524/us-east-1/s3/aws4_request
                7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972
                """)
        #expect(
            signature.authorization(subject, at: moment)
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test func `putting an object is signed as Amazon signs it`() {
        let payload = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
        let subject = SignatureV4.Subject(
            method: "PUT", path: "/" + SignatureV4.encoded("test$file.text", keeping: "/"), query: [],
            headers: headers(
                [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                payload: payload), payload: payload)

        #expect(
            signature.authorization(subject, at: moment).hasSuffix(
                "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test(arguments: [
        ([("lifecycle", "")], "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ([("prefix", "J"), ("max-keys", "2")], "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func `a query is signed as Amazon signs it`(_ query: [(String, String)], _ expected: String) {
        let subject = SignatureV4.Subject(
            method: "GET", path: "/", query: query.map { (name: $0.0, value: $0.1) },
            headers: headers([], payload: empty), payload: empty)

        #expect(signature.authorization(subject, at: moment).hasSuffix("Signature=\(expected)"))
    }

    @Test(arguments: [
        ("20120215", "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"),
        ("20150830", "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"),
    ])
    func `the signing key is derived as Amazon derives it`(_ day: String, _ expected: String) {
        let signature = SignatureV4(
            credentials: .init(accessKeyID: "", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "iam")

        #expect(signature.signingKey(onDay: day).withUnsafeBytes { Hex.text($0) } == expected)
    }

    @Test func `names in a query are sorted as names, not as text with values`() {
        let subject = SignatureV4.Subject(
            method: "GET", path: "/", query: [("a-b", "1"), ("a", "2"), ("a", "1")], headers: [], payload: "")

        #expect(signature.canonicalRequest(subject).contains("\na=1&a=2&a-b=1\n"))
    }

    @Test func `the moment and odd characters are written as Amazon wants them`() {
        #expect(SignatureV4.stamp(Date(timeIntervalSince1970: 1_369_353_600)) == moment)
        #expect(SignatureV4.stamp(Date(timeIntervalSince1970: 1_369_356_307.999)) == "20130524T004507Z")
        #expect(SignatureV4.encoded("a/b c=~ä*'") == "a%2Fb%20c%3D~%C3%A4%2A%27")
    }
}

private func sent(
    _ request: S3Request, _ endpoint: String, _ addressing: S3Settings.Addressing
) throws -> HTTPClientRequest {
    let settings = S3Settings(
        endpoint: try #require(URL(string: endpoint)), region: "us-east-1", bucket: "city", prefix: "",
        addressing: addressing,
        credentials: .init(accessKeyID: "AKID", secretAccessKey: "secret", sessionToken: "token"))
    return request.signed(for: settings, at: Date(timeIntervalSince1970: 1_369_353_600)) {}
}

@Test func `the bucket stands in the host's name or in the path, and the port where it is unusual`() throws {
    let object = S3Request(method: .GET, key: "a/b=c")
    let bucket = S3Request(method: .GET, query: [("prefix", "a/")])
    let minio = "http://minio:9000"
    let amazon = "https://s3.us-east-1.amazonaws.com:443/"

    #expect(try sent(object, minio, .path).url == "http://minio:9000/city/a/b%3Dc")
    #expect(try sent(bucket, minio, .path).url == "http://minio:9000/city?prefix=a%2F")
    #expect(try sent(object, minio, .virtual).headers["host"] == ["city.minio:9000"])
    #expect(try sent(object, amazon, .virtual).url == "https://city.s3.us-east-1.amazonaws.com/a/b%3Dc")
    #expect(try sent(bucket, amazon, .virtual).url == "https://city.s3.us-east-1.amazonaws.com/?prefix=a%2F")
    #expect(try sent(object, "http://[::1]:9000", .path).url == "http://[::1]:9000/city/a/b%3Dc")
}

@Test func `a lent key's token is sent and signed`() throws {
    let request = try sent(S3Request(method: .GET, key: "a"), "http://minio:9000", .path)

    #expect(request.headers["x-amz-security-token"] == ["token"])
    #expect(
        request.headers["authorization"].first?.contains(
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,") == true)
    #expect(!"\(request)".contains("secret,"))
}
