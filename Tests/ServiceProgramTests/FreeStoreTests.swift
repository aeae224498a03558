import EventProcessing
import Foundation
import TestSupport
import Testing

@testable import ServiceProgram

@Suite struct FreeStoreTests {
    @Test(arguments: ["1.lock", "1.sqlite.lock"])
    func `the lowest store that nobody has open is taken, and again when it is let go`(name: String) throws {
        let folder = try TemporaryFolder()
        #expect(try FreeStore.name(of: "portal", in: folder.url) == "1")

        let lock = try LockFile(folder.url.appending(path: "portal/\(name)"))
        #expect(try FreeStore.name(of: "portal", in: folder.url) == "2")
        let second = try LockFile(folder.url.appending(path: "portal/2.lock"))
        #expect(try FreeStore.name(of: "portal", in: folder.url) == "3")

        lock.release()
        #expect(try FreeStore.name(of: "portal", in: folder.url) == "1")
        second.release()
    }

    @Test func `looking leaves nothing behind`() throws {
        let folder = try TemporaryFolder()
        _ = try FreeStore.name(of: "portal", in: folder.url)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false)) == [])
    }
}
