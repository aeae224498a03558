import Contracts
import EventProcessing
import Foundation
import Testing

@testable import CaseRouting
@testable import Notifications
@testable import Points

/// Whether what ``TopicAccess`` says of readers is what programs read.
@Suite struct TopicReadersTests {
    @Test func `a processor reads its commands and what its translator translates`() {
        let read: [(any Processor, Translator)] = [
            (CaseRoutingProcessor(), .reports), (PointsProcessor(), .cases), (NotificationsProcessor(), .notifications),
        ]
        for (processor, translator) in read {
            #expect(translator.target == processor.commandTopic)
            #expect(translator.name == processor.name)
            let topics = [processor.commandTopic] + translator.sources
            #expect(Set(TopicAccess.readers[processor.name] ?? []) == Set(topics), "\(processor.name)")
            #expect(TopicAccess.groups[processor.name] == [processor.name, "\(processor.name)-translator"])
        }
    }

    /// Every topic of the catalogue that portal's and intake's projections name in their sources.
    @Test(arguments: [("portal", "Portal"), ("report-intake", "ReportIntake")])
    func `an edge reads what its read models name`(program: String, room: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Services/\(room)/Service")
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var named: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for declaration in text.matches(of: /var topics: \[Topic\] \{([^}]*)\}|source: (TopicCatalogue\.\w+)/) {
                let words = declaration.output.1 ?? declaration.output.2 ?? ""
                named.formUnion(words.matches(of: /TopicCatalogue\.(\w+)/).map { String($0.output.1) })
            }
        }
        let catalogue = try String(
            contentsOf: root.appending(path: "../../../Shared/Contracts/Topics/TopicCatalogue.swift"), encoding: .utf8)
        let topics = catalogue.matches(of: /static let (\w+) = Topic\(\s*name: "([^"]+)"/)
            .reduce(into: [String: String]()) { $0[String($1.output.1)] = String($1.output.2) }
        #expect(Set(named.compactMap { topics[$0] }) == Set((TopicAccess.readers[program] ?? []).map(\.name)))
    }
}
