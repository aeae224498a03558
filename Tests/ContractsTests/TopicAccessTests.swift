import Contracts
import Testing

@Suite struct TopicAccessTests {
    private let rights = TopicAccess.rights()

    private func holders(of operation: String, on topic: Topic) -> Set<String> {
        Set(rights.filter { $0.name == topic.name && $0.operations.contains(operation) }.map(\.holder))
    }

    @Test(arguments: TopicCatalogue.all)
    func `nobody may write a topic but its writers`(topic: Topic) {
        #expect(holders(of: "Write", on: topic) == Set(topic.writers).subtracting(["embedded-broker"]))
    }

    @Test(arguments: TopicCatalogue.all)
    func `an internal topic is read by programs alone, any other by partners, too`(topic: Topic) {
        let outsiders = holders(of: "Read", on: topic).subtracting(TopicAccess.readers.keys)
        let platforms = topic == TopicCatalogue.platformReceipts ? [TopicAccess.platforms] : []
        #expect(outsiders == Set((topic.audience == .internal ? [] : [TopicAccess.partners]) + platforms))
    }

    @Test func `every topic has a reader besides the operator, or is for outsiders`() {
        for topic in TopicCatalogue.all where topic.audience == .internal {
            let readers = holders(of: "Read", on: topic).subtracting(["suishoupai"])
            // Dead letters are the operator's own reading.
            #expect(readers.isEmpty == topic.name.hasSuffix("-dead-letters.v1"), "\(topic.name)")
        }
    }

    @Test func `nobody may delete or alter anything, and only the operator makes topics`() {
        let operations = Set(rights.flatMap(\.operations))
        #expect(operations == ["Read", "Write", "Describe", "DescribeConfigs", "Create"])
        #expect(Set(rights.filter { $0.operations.contains("Create") }.map(\.holder)) == ["suishoupai"])
    }

    @Test func `a prefix stands before topics and groups, and rights are each said once, in order`() {
        let prefixed = TopicAccess.rights(prefix: "town-a.")
        #expect(prefixed.allSatisfy { $0.name.hasPrefix("town-a.") })
        #expect(prefixed.map { $0.name.dropFirst(7) } == rights.map { $0.name[...] })
        #expect(Set(rights.map { "\($0.holder) \($0.resource) \($0.name)" }).count == rights.count)
        #expect(rights == TopicAccess.rights())
    }

    @Test func `a group is its own program's alone`() {
        let groups = rights.filter { $0.resource == .group }
        #expect(groups.allSatisfy { $0.name.hasPrefix($0.holder) })
        #expect(Set(groups.map(\.holder)) == ["case-routing", "points", "notifications", "report-intake"])
    }
}
