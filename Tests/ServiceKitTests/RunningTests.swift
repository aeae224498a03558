import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import struct ServiceKit.StandardInputWatch

@Test func `a program on a port of the system's choice is found by its address file`() async throws {
    try await withTemporaryFolder { folder in
        let file = folder.appending(path: "run/intake.json")
        let program = TestProgram()
        let told = Mutex<ListeningAddress?>(nil)
        let app = HTTPService.make(
            router: program.router, host: "127.0.0.1", port: 0, addressFile: file, logger: program.logger,
            onListening: { address in told.withLock { $0 = address } })
        let group = ServiceGroup(configuration: .init(services: [app], logger: program.logger))

        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let address = try await eventually("the address is written") { try AddressFile.read(file) }
            let port = try #require(told.withLock { $0?.port })

            #expect(port > 0)
            #expect(
                address == AddressFile(url: "http://127.0.0.1:\(port)", pid: ProcessInfo.processInfo.processIdentifier))
            let status = try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
                try await client.get("/health/live").status
            }
            #expect(status == .ok)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

@Test func `a program whose address file cannot be written stops and says so`() async throws {
    let program = TestProgram()
    let app = HTTPService.make(
        router: program.router, host: "127.0.0.1", port: 0, addressFile: URL(filePath: "/proc/none/a.json"),
        logger: program.logger)
    await #expect(throws: (any Error).self) { try await ServiceRunner.run([app], logger: program.logger) }
}

@Test func `an address file that is none is an error, and none at all is nil`() async throws {
    try await withTemporaryFolder { folder in
        let file = folder.appending(path: "a.json")
        #expect(try AddressFile.read(file) == nil)
        try Data("{}".utf8).write(to: file)
        #expect(throws: ConfigurationError.self) { try AddressFile.read(file) }
    }
    #expect(ListeningAddress(host: "0.0.0.0", port: 1).url == "http://127.0.0.1:1")
    #expect(ListeningAddress(host: "::1", port: 1).url == "http://[::1]:1")
}

private struct Waiting: Service {
    let ended: AsyncStream<String>.Continuation
    func run() async throws {
        try await gracefulShutdown()
        ended.yield("gracefully")
        ended.finish()
    }
}

private struct Failing: Service {
    struct Failure: Error {}
    func run() async throws { throw Failure() }
}

@Test func `the end of standard input stops everything gracefully`() async throws {
    let pipe = Pipe()
    let (ends, ended) = AsyncStream.makeStream(of: String.self)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let watch = StandardInputWatch(descriptor: pipe.fileHandleForReading.fileDescriptor, logger: logger)
    let group = ServiceGroup(
        configuration: .init(
            services: [
                .init(service: Waiting(ended: ended)),
                .init(service: watch, successTerminationBehavior: .gracefullyShutdownGroup),
            ], logger: logger))

    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        try pipe.fileHandleForWriting.write(contentsOf: Data("still here\n".utf8))
        try pipe.fileHandleForWriting.close()
        #expect(await ends.first { _ in true } == "gracefully")
        try await tasks.waitForAll()
    }
}

@Test func `a service that fails stops the others and its error is thrown`() async throws {
    let (ends, ended) = AsyncStream.makeStream(of: String.self)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    await #expect(throws: Failing.Failure.self) {
        try await ServiceRunner.run([Waiting(ended: ended), Failing()], logger: logger)
    }
    ended.finish()
    #expect(await ends.first { _ in true } == nil, "it was cancelled, not asked")
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isUp: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}

@Test func `neither an idle connection nor an open stream holds up the stop`() async throws {
    let program = TestProgram()
    let (hasReader, hasStopped) = (Flag(), Flag())
    program.router.get("/live") { _, _ in
        let (events, _) = AsyncStream.makeStream(of: ServerSentEvent.self)
        hasReader.raise()
        return ServerSentEvents.response(events, heartbeat: .seconds(3_600))
    }
    let (addresses, announce) = AsyncStream.makeStream(of: ListeningAddress.self)
    let app = HTTPService.make(
        router: program.router, host: "127.0.0.1", port: 0, logger: program.logger,
        onListening: { announce.yield($0) })
    let group = ServiceGroup(configuration: .init(services: [app], logger: program.logger))

    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            try await group.run()
            hasStopped.raise()
        }
        let port = try #require(await addresses.first { _ in true }).port
        try await TestClient.withClient(host: "127.0.0.1", port: port) { idle in
            _ = try await idle.get("/health/live")
            try await TestClient.withClient(host: "127.0.0.1", port: port) { reader in
                try await reader.executeAndDontWaitForResponse(TestClient.Request("/live", method: .get))
                try await eventually("the stream has a reader") { hasReader.isUp }
                await group.triggerGracefulShutdown()
                try await eventually("the program has stopped") { hasStopped.isUp }
            }
        }
    }
}
