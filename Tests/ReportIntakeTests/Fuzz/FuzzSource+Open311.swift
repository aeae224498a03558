import HTTPTypes
import Hummingbird

/// Open311's doors, whose arguments are texts.
extension FuzzSource {
    mutating func request() -> [(String, String)] {
        var fields = [
            ("service_code", one(["E0102", "P0101", "D0103", "X"])), ("lat", "28.6829"), ("long", "115.8551"),
            ("description", one(OddValues.texts)), ("api_key", one(ground.tokens)),
        ]
        let more = [
            "address_string", "address_id", "email", "phone", "media_url", "account_id", "attribute[A]",
            "attribute[B][]", "attribute[words]", "attribute[kinds][]", "extensions",
            "jurisdiction_id",
        ]
        if chance(2) { fields.append((one(more), one(OddValues.texts))) }
        if chance(4) { fields.append(("attribute[size]", one(["bags", "truck", "x"]))) }
        if chance(4) { fields.append(("address_id", one(["market", "station", "x"]))) }
        return spoiled(fields)
    }

    mutating func update() -> [(String, String)] {
        spoiled([
            ("service_request_id", one(["case-1", "case-2"])), ("update_id", "u-\(number(1...500))"),
            ("status", one(["FIXED", "OPEN", "reopen", "x"])), ("description", one(OddValues.texts)),
            ("api_key", one(ground.tokens)),
        ])
    }

    mutating func posted(_ path: String, _ fields: [(String, String)]) -> FuzzRequest {
        let path = "\(path).\(one(["json", "xml"]))"
        guard chance(2) else {
            return FuzzRequest(
                method: .post, path: path, headers: [.contentType: "application/x-www-form-urlencoded"],
                body: Array(query(fields).utf8))
        }
        var body = fields.flatMap { name, value in
            Array("--b-1\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        var file: String?
        if chance(3) {
            let photo = newFile(ground.jpeg)
            let isNew = chance(2)
            file = isNew ? photo.id : nil
            body += Array("--b-1\r\nContent-Disposition: form-data; name=\"p\"; filename=\"../p.jpg\"\r\n\r\n".utf8)
            body += (isNew ? photo.body : one(ground.photoBytes)) + Array("\r\n".utf8)
        }
        body += Array("--b-1--\r\n".utf8)
        return FuzzRequest(
            method: .post, path: path, headers: [.contentType: "multipart/form-data; boundary=b-1"], body: body,
            file: file)
    }

    mutating func open311Path() -> String {
        let names = [
            "discovery", "v2/discovery", "v2/services", "v2/services/E0102", "v2/requests", "v2/requests/case-1",
            "v2/request/case-1", "v2/tokens/\(one(ground.reports))", "v2/servicerequestupdates",
        ]
        let arguments = [
            "jurisdiction_id", "service_request_id", "service_code", "status", "start_date", "end_date", "page",
            "page_size",
            "extensions", "lat_sw", "long_sw", "lat_ne", "long_ne", "api_key",
        ]
        let fields = (0..<number(0...4)).map { _ in (one(arguments), one(OddValues.texts)) }
        return "/open311/\(one(names)).\(one(["json", "xml"]))?\(query(fields))"
    }

    /// Escaped as it should be, most often.
    mutating func query(_ fields: [(String, String)]) -> String {
        fields.map { name, value in "\(name)=\(chance(8) ? value : Self.escaped(value))" }.joined(separator: "&")
    }

    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private mutating func spoiled(_ fields: [(String, String)]) -> [(String, String)] {
        guard chance(2) else { return fields }
        var fields = fields
        let position = number(0...fields.count - 1)
        switch number(0...3) {
        case 0: fields.remove(at: position)
        case 1: fields.append(fields[position])
        default: fields[position].1 = one(OddValues.texts)
        }
        return fields
    }
}
