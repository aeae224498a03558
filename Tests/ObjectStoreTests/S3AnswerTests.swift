import Foundation
import TestSupport
import Testing

@testable import ObjectStore

@Test func `a page of keys is read, with the names that were encoded`() {
    let text = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix/><KeyCount>2</KeyCount>
        <IsTruncated>true</IsTruncated><EncodingType>url</EncodingType><NextContinuationToken>a&amp;b&#x3D;=</NextContinuationToken>
        <Contents><Key>a/b%3Dc</Key><ETag>&quot;9&quot;</ETag><Size>7</Size></Contents>
        <Contents><Key>a/%01</Key><Size>0</Size></Contents></ListBucketResult>
        """
    let page = S3Page(text.utf8)

    #expect(page?.objects == [StoredObject(key: "a/b=c", bytes: 7), StoredObject(key: "a/\u{1}", bytes: 0)])
    #expect(page?.next == "a&b==")
}

@Test func `names that were not encoded are taken as they are`() {
    let page = S3Page(
        "<ListBucketResult><Contents><Key>a%3Db&lt;&#228;&lt</Key><Size>1</Size></Contents></ListBucketResult>".utf8)

    #expect(page?.objects.map(\.key) == ["a%3Db<ä&lt"])
    #expect(page?.next == nil)
}

@Test(arguments: [
    "", "{}", "<ListBucketResult>", "<ListBucketResult></Other>", "<a></a>", "</ListBucketResult>",
    "<!DOCTYPE html><html></html>", "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
    "<ListBucketResult><Contents><Key>a</Key><Size>x</Size></Contents></ListBucketResult>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
])
func `what is no page is not read as one`(_ text: String) {
    #expect(S3Page(text.utf8) == nil)
}

@Test func `no bytes trap the reader`() {
    var random = SeededGenerator()
    let sound = Array("<?xml?><Error><Code>a&amp;</Code><Region/></Error>".utf8)
    for _ in 0..<5_000 {
        var bytes = sound
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = Array("<>/&;#x!?\0\u{FF}a".utf8).randomElement(using: &random) ?? 0
        }
        _ = S3Element.root(of: bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
    }
}

@Test func `a refusal is told by its code and gives advice where we know some`() {
    func refusal(_ status: Int, _ code: String, region: String? = nil) -> S3Refusal {
        let inner = "<Code>\(code)</Code><Message>m</Message>" + (region.map { "<Region>\($0)</Region>" } ?? "")
        return S3Refusal(status: status, body: "<Error>\(inner)</Error>".utf8, regionHeader: nil)
    }

    #expect(refusal(403, "AccessDenied").code == "AccessDenied")
    #expect(!refusal(403, "AccessDenied").mayHeal)
    #expect(refusal(400, "RequestTimeout").mayHeal)
    #expect(refusal(503, "SlowDown").mayHeal)
    #expect(S3Refusal(status: 502, body: "<html>".utf8, regionHeader: nil).mayHeal)
    #expect(S3Refusal(status: 404, body: "<html></html>".utf8, regionHeader: nil).code == "")
    #expect(
        refusal(400, "AuthorizationHeaderMalformed", region: "eu-west-1").advice(region: "us-east-1")
            == "The bucket is in eu-west-1: set S3_REGION.")
    #expect(S3Refusal(status: 301, body: "".utf8, regionHeader: "eu-west-1").advice(region: "us-east-1") == nil)
}
