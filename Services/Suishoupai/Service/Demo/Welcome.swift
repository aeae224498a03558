import AsyncHTTPClient
import Contracts
import Foundation
import ServiceKit

/// What follows once everything runs: the demo, once per data folder, and where to look.
struct Welcome: Sendable {
    let folder: DataFolder
    let pack: Pack?
    let playsDemo: Bool
    let http: HTTPClient
    let console: Console

    private var marker: URL { folder.url.appending(path: "demo-played") }

    func greet(_ contents: RunFile.Contents) async throws {
        guard let portal = contents.services["portal"]?.url, let intake = contents.services["report-intake"]?.url else {
            return
        }
        console.plain()
        if playsDemo, let pack, !FileManager.default.fileExists(atPath: marker.path(percentEncoded: false)) {
            let city = CityClient(
                http: http, folder: folder,
                address: { service in try RunFile.read(folder.runFile)?.services[service]?.url })
            do {
                try await DemoStory(city: city, pack: pack, console: console).play()
                try Data().write(to: marker)
            } catch let error as any DemoEnding {
                // The system runs all the same; the story alone does not fit this pack or machine.
                console.trouble("the demo stopped: \(error); the next start goes on with it")
            }
        }
        try await tellAddresses(portal: portal, intake: intake, contents)
    }

    private func tellAddresses(portal: String, intake: String, _ contents: RunFile.Contents) async throws {
        let broker = contents.bootstrapServers ?? ""
        let topic = (contents.topicPrefix ?? "") + TopicCatalogue.caseEvents.name
        console.plain("Board   \(portal)/wall")
        console.plain("Report  \(portal)/report   as whoever you choose to be")
        console.plain("Staff   \(portal)/console")
        console.plain("Portal  \(portal)/v1/cases")
        console.plain("Intake  \(intake)/v1/reports")
        console.plain("Broker  \(broker)   kcat -C -b \(broker) -t \(topic) -e -q")
        console.plain("Tokens, good for a day:")
        for (role, subject) in [
            (Role.rider, "rider-yu"), (.dispatcher, firstPerson("dispatcher")), (.worker, firstPerson("worker")),
            (.verifier, firstPerson("verifier")), (.admin, "admin"),
        ] {
            let token = try await TokenCommand.token(folder, roles: [role], subject: subject, hours: 24)
            console.plain("  \(role.rawValue) \(subject)\n    \(token)")
        }
        console.plain("Ctrl-C stops everything; started again, it goes on.")
    }

    private func firstPerson(_ role: String) -> String {
        pack?.people.first { $0.roles.contains(role) }?.id.rawValue ?? role
    }
}

/// What may end the story, and nothing else.
protocol DemoEnding: Error {}

extension CityFault: DemoEnding {}
extension NeighbourhoodFault: DemoEnding {}
extension DemoFault: DemoEnding {}
