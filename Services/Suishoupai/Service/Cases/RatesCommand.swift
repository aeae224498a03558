import ArgumentParser
import Contracts
import Foundation
import GRDB

/// `suishoupai rates`: the published rates, with their samples.
struct RatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rates",
        abstract: "Print the published rates of units 三率 with the sizes of their samples.",
        discussion: """
            What each rate means stands in docs/routing-rates.md. A table for each community; of several, also a line for each \
            unit over all of them, and for each community over all units. Days and months are published when they are over. Exit \
            status: 0, or 2 where nothing was published for what was asked.

            Examples:
              suishoupai rates --data ./data
              suishoupai rates --data ./data --community mingdu --period 2026-11-23 --json
            """)

    @Option(help: "The data folder.")
    var data: String

    @Option(help: "One community, by id; all where none is named.")
    var community: String?

    @Option(
        help:
            "A day such as 2026-11-23, or a month such as 2026-11; the newest month, else the newest day, where none is named."
    )
    var period: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    /// What `--json` prints.
    struct Answer: Codable, Sendable, Equatable {
        let communities: [RateTable]
        /// Absent for one community alone.
        let together: RateSums?
    }

    func run() async throws {
        let folder = try DataFolder.demand(data)
        let chosen = Self.chosen(try Self.newest(StoreShelf(folder)), community: community, period: period)
        guard !chosen.isEmpty else {
            let text = "没有公布的数据；一天或一月结束后才公布 / nothing was published: days and months are when they are over.\n"
            FileHandle.standardError.write(Data(text.utf8))
            throw ExitCode(2)
        }
        let answer = Answer(communities: chosen.map(RateTable.init), together: RateSums(chosen))
        if json {
            print(try ContractCoding.text(answer))
        } else {
            for line in answer.communities.flatMap(\.lines) + (answer.together?.lines ?? []) { print(line) }
        }
    }

    /// The highest revision of each period of each community.
    static func newest(_ shelf: StoreShelf) throws -> [RatesPublished] {
        var newest: [String: RatesPublished] = [:]
        for store in shelf.routing {
            for row in try store.rows("SELECT value FROM outbox WHERE topic = 'case-rates.v1' ORDER BY number") {
                let published = try Envelope<RatesPublished>(value: row["value"]).data
                if published.revision > newest[published.subject]?.revision ?? 0 {
                    newest[published.subject] = published
                }
            }
        }
        return newest.values.sorted { ($0.communityId, $0.period) < ($1.communityId, $1.period) }
    }

    static func chosen(_ all: [RatesPublished], community: String?, period: String?) -> [RatesPublished] {
        let here = all.filter { community == nil || $0.communityId.rawValue == community }
        let months = here.map(\.period).filter { $0.utf8.count == 7 }
        let wanted = period ?? months.max() ?? here.map(\.period).max()
        return here.filter { $0.period == wanted }
    }
}
