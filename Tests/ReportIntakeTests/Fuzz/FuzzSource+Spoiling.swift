import HTTPTypes
import Hummingbird
import ServiceKit

/// Makes requests wrong below what they say: bytes, paths, headers, methods.
extension FuzzSource {
    mutating func spoil(_ request: inout FuzzRequest) {
        switch number(0...11) {
        case 0...4: spoilBody(&request)
        case 5, 6: spoilPath(&request)
        case 7: request.headers[.contentType] = one(OddValues.types)
        case 8: spoilSender(&request)
        case 9: request.method = one([.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect])
        case 10: request.headers[.idempotencyKey] = one(OddValues.texts + [String(repeating: "k", count: 256)])
        default: request.headers[one([.accept, .contentEncoding, .expect, .range, .cookie])] = one(OddValues.texts)
        }
    }

    private mutating func spoilBody(_ request: inout FuzzRequest) {
        let count = request.body.count
        let position = number(0...max(0, count - 1))
        switch number(0...9) {
        case 0: request.body = Array(request.body.prefix(position))
        case 1 where count > 0: request.body[position] = UInt8.random(in: .min ... .max, using: &generator)
        case 2 where count > 0: request.body[position] ^= 1 << UInt8(number(0...7))
        case 3: request.body.insert(contentsOf: one(OddValues.bytes), at: min(position, count))
        case 4: request.body += request.body.suffix(number(0...64))
        case 5: request.body = []
        case 6: request.body += one(OddValues.bytes)
        case 7: request.body = bytes(number(1...200))
        case 8: request.body = Array(repeating: UInt8(ascii: chance(2) ? "[" : "{"), count: number(1...3_000))
        default: lengthen(&request)
        }
    }

    /// Rarely, since it takes long.
    private mutating func lengthen(_ request: inout FuzzRequest) {
        guard chance(20) else { return }
        request.body += Array(repeating: one([0x20, 0x61, 0x00, 0xE4]), count: one([4_000, 65_000, 70_000, 300_000]))
    }

    private mutating func spoilPath(_ request: inout FuzzRequest) {
        var path = Array(request.path.utf8)
        let position = number(0...path.count - 1)
        switch number(0...7) {
        case 0: path[position] = UInt8(number(0x21...0x7E))
        case 1:
            path.insert(
                contentsOf: Array(one(["%", "%zz", "%00", "%ff", "%2f", "..", "//", "?", "#", ";", "é"]).utf8),
                at: position)
        case 2: path = Array(path.prefix(position + 1))
        case 3: path += Array("/\(one(OddValues.texts))".utf8)
        case 4:
            path += Array((path.contains(UInt8(ascii: "?")) ? "&" : "?").utf8) + Array("a=\(one(OddValues.texts))".utf8)
        case 5: path += Array(String(repeating: "a", count: one([100, 5_000])).utf8)
        case 6: path = Array("/\(one(OddValues.texts))".utf8)
        default: path = Array(String(decoding: path, as: UTF8.self).uppercased().utf8)
        }
        request.path = String(decoding: path, as: UTF8.self)
    }

    private mutating func spoilSender(_ request: inout FuzzRequest) {
        let bearer = "Bearer \(one(ground.badTokens))"
        request.headers[.authorization] = one([
            bearer, bearer, "Basic YTpi", "Bearer", "", "bearer  ", "Bearer \(one(OddValues.texts))",
        ])
    }
}
