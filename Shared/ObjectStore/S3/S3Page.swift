import Foundation

/// A page of a list of keys.
struct S3Page: Equatable {
    let objects: [StoredObject]
    /// Asks for the next page; nil after the last.
    let next: String?

    /// Nil where the bytes are no such page.
    init?(_ bytes: some Sequence<UInt8>) {
        guard let root = S3Element.root(of: bytes), root.name == "ListBucketResult" else { return nil }
        let isEncoded = root["EncodingType"] == "url"
        var objects: [StoredObject] = []
        for content in root.children where content.name == "Contents" {
            guard let name = content["Key"], let size = content["Size"].flatMap({ Int64($0) }),
                let key = isEncoded ? name.removingPercentEncoding : name
            else { return nil }
            objects.append(StoredObject(key: key, bytes: size))
        }
        self.objects = objects
        next = root["IsTruncated"] == "true" ? root["NextContinuationToken"] : nil
        if root["IsTruncated"] == "true", next?.isEmpty ?? true { return nil }
    }
}
