import Contracts
import Foundation
import Testing

@testable import Suishoupai

private func lines(_ arguments: String...) async throws -> [String] {
    let answer = try await Program.run(["topics", "acl", "--bootstrap", "kafka:9093"] + arguments)
    #expect(answer.status == 0, "\(answer.output)")
    return answer.output.split(separator: "\n").map(String.init)
}

@Suite(.enabled(if: Program.isBuilt, "the program is not built")) struct TopicsACLTests {
    @Test func `each line is a command for kafka-acls`() async throws {
        let all = try await lines("--command-config", "admin's.properties")

        #expect(
            all.contains(
                #"kafka-acls.sh --bootstrap-server kafka:9093 --command-config 'admin'\''s.properties' --add "#
                    + "--allow-principal 'User:points' --operation Describe --operation DescribeConfigs --operation "
                    + "Write --topic accounts.v1"))
        #expect(
            all.contains {
                $0.hasSuffix(
                    "--allow-principal 'User:points' --operation Describe --operation Read --group points-translator")
            })
        #expect(
            all.allSatisfy {
                $0.hasPrefix("kafka-acls.sh --bootstrap-server kafka:9093 ") && !$0.contains("platform-reports.v1 ")
            })
    }

    @Test func `outsiders are named one by one, each with groups of its own`() async throws {
        let all = try await lines(
            "--principal", "User:CN={name},O=city", "--platform", "meituan", "--partner", "university", "--prefix", "a."
        )
        let ours = all.filter { $0.contains("CN=meituan,") }

        #expect(
            Set(ours.map { $0.replacing(#/^.*'User:CN=meituan,O=city' /#, with: "") }) == [
                "--operation Describe --operation Write --topic a.platform-reports.v1",
                "--operation Describe --operation Read --topic a.platform-receipts.v1",
                "--operation Describe --operation Read --group meituan. --resource-pattern-type prefixed",
            ])
        let read = all.filter { $0.contains("CN=university,") }
        #expect(read.contains { $0.hasSuffix("--operation Read --topic a.case-events.v1") })
        #expect(!read.contains { $0.contains("Write") || $0.contains("-commands.v1") || $0.contains("inboxes") })
    }

    @Test func `the JSON says the same`() async throws {
        let answer = try await Program.run(["topics", "acl", "--json", "--partner", "university"])
        let grants = try JSONDecoder().decode([TopicsACLCommand.Grant].self, from: Data(answer.output.utf8))

        #expect(
            grants.contains(
                .init(
                    principal: "User:portal", resource: .topic, name: "accounts.v1", pattern: .literal,
                    operations: ["Describe", "DescribeConfigs", "Read"])))
        #expect(grants.contains { $0.principal == "User:university" && $0.pattern == .prefixed })
    }

    @Test(arguments: [["--principal", "User:x"], ["--platform", "a b"], ["--partner", "$(rm)"]])
    func `what would be no name is refused`(arguments: [String]) async throws {
        let answer = try await Program.run(["topics", "acl"] + arguments)
        #expect(answer.status == 2, "\(answer.output)")
    }
}
