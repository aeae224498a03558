import Contracts
import EventProcessing
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// A pack in more parts than its size asks for, as records of one topic.
private func records(of pack: Pack, activatedAt moment: Timestamp) throws -> [IncomingRecord] {
    let json = try ContractCoding.encode(pack)
    let hash = Pack.hash(of: json)
    let size = (json.count + 2) / 3
    let parts = try (0..<3).map { index in
        let content = json.dropFirst(index * size).prefix(size)
        return try IncomingRecord.of(PackPart(packHash: hash, index: index, count: 3, content: Data(content)))
    }
    let activation = PackActivated(packHash: hash, packName: pack.name, packVersion: pack.version, partCount: 3)
    return parts + [try .of(activation, at: moment)]
}

extension PortalUnderTest {
    fileprivate func titleInForce() async throws -> String? {
        try await readModel.read { [readModel] db in try readModel.pack(in: db)?.title }
    }
}

@Test func `a pack counts once the last of it has come, whichever that is`() async throws {
    let whole = try records(of: .town(title: "全"), activatedAt: .minutes(0))
    for last in whole.indices {
        try await PortalUnderTest.run { portal, _ in
            for (index, record) in whole.enumerated() where index != last {
                try await portal.hear([record])
                #expect(try await portal.titleInForce() == nil)
            }

            try await portal.hear([whole[last]])

            #expect(try await portal.titleInForce() == "全")
        }
    }
}

@Test func `the pack that was activated last counts, also one that counted before`() async throws {
    try await PortalUnderTest.run { portal, _ in
        try await portal.hear(try records(of: .town(title: "后", version: 2), activatedAt: .minutes(2)))
        try await portal.hear(try records(of: .town(title: "先", version: 1), activatedAt: .minutes(1)))
        #expect(try await portal.titleInForce() == "后")

        try await portal.hear(try records(of: .town(title: "先", version: 1), activatedAt: .minutes(3)))

        #expect(try await portal.titleInForce() == "先")
    }
}

@Test func `a pack whose parts are not its own is said so, and the one before goes on counting`() async throws {
    try await PortalUnderTest.run { portal, _ in
        try await portal.hear(try records(of: .town(title: "好"), activatedAt: .minutes(1)))
        let broken = try records(of: .town(title: "坏"), activatedAt: .minutes(2)).map { record in
            guard record.attributes.type == PackPart.type else { return record }
            let part = try record.read(PackPart.self).data
            return try IncomingRecord.of(
                PackPart(packHash: part.packHash, index: part.index, count: part.count, content: Data("{}".utf8)))
        }

        for record in broken.dropLast() { try await portal.hear([record]) }
        await #expect(throws: ContractError.self) { try await portal.hear(Array(broken.suffix(1))) }

        #expect(try await portal.titleInForce() == "好")
    }
}
