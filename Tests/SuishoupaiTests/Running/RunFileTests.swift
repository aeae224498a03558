import Foundation
import TestSupport
import Testing

@testable import Suishoupai

private func child(_ name: String, replica: Int = 1) -> ChildProgram {
    .service(
        name, replica: replica, port: 0, in: DataFolder("/data"), storesIn: DataFolder("/data"),
        executables: URL(filePath: "/bin"), environment: [:])
}

@Test func `run.json names first replicas by their service and further ones by their number, while they run`()
    async throws
{
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "run.json")
    let file = RunFile(url)

    #expect(try RunFile.read(url) == nil)
    file.setBootstrapServers("127.0.0.1:9092")
    await file.add(child("points"), pid: 10, url: nil)
    await file.add(child("points"), pid: 10, url: "http://127.0.0.1:1")
    await file.add(child("points", replica: 2), pid: 11, url: "http://127.0.0.1:2")
    await file.add(child("portal"), pid: 12, url: nil)
    await file.remove(child("portal"))

    let contents = try #require(try RunFile.read(url))
    #expect(contents == file.current)
    #expect(contents.bootstrapServers == "127.0.0.1:9092")
    #expect(contents.services == ["points": .init(url: "http://127.0.0.1:1", pid: 10)])
    #expect(contents.replicas == ["points-2": .init(url: "http://127.0.0.1:2", pid: 11)])
    await file.remove(child("points", replica: 2))
    #expect(try RunFile.read(url)?.replicas == [:])
}

@Test func `Prometheus is told of every program that has an address, by program and replica`() async throws {
    let folder = try TemporaryFolder()
    let targets = folder.url.appending(path: "prometheus.json")
    let file = RunFile(folder.url.appending(path: "run.json"), scrapeFile: targets)

    await file.add(child("case-routing"), pid: 10, url: "http://127.0.0.1:8001")
    await file.add(child("case-routing", replica: 2), pid: 11, url: "http://127.0.0.1:8002")
    await file.add(child("portal"), pid: 12, url: nil)

    let groups = try JSONDecoder().decode([ScrapeTargets.Group].self, from: Data(contentsOf: targets))
    #expect(
        groups == [
            .init(targets: ["127.0.0.1:8001"], labels: ["job": "case-routing", "replica": "case-routing"]),
            .init(targets: ["127.0.0.1:8002"], labels: ["job": "case-routing", "replica": "case-routing-2"]),
        ])
}

@Test func `run.json is what the issue promised to other programs`() async throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "run.json")
    let file = RunFile(url)
    file.setBootstrapServers("b:1")
    await file.add(child("portal"), pid: 3, url: "u")

    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let portal = (json?["services"] as? [String: [String: Any]])?["portal"]

    #expect(json?["bootstrapServers"] as? String == "b:1")
    #expect(portal?["url"] as? String == "u")
    #expect(portal?["pid"] as? Int == 3)
}
