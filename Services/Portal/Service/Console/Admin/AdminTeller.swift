import Contracts
import EventProcessing
import Foundation

/// Tells what portal knows of the deployment, and names the command where it does not know.
struct AdminTeller {
    let found: Administration
    let frame: Frame
    let visit: Visit
    let now: Timestamp
    let progress: ReadProgress

    private var time: LocalTime { LocalTime(found.pack) }
    /// Commands that nobody has taken for so long are told of as a trouble: 60 seconds.
    private static let patience: Int64 = 60_000

    var page: [String: Any] {
        let position = progress.position()
        let isLate = found.oldestUnpublished.map { now.milliseconds - $0.milliseconds > Self.patience } ?? false
        return [
            "isCaughtUp": progress.isCaughtUp(), "log": position.log, "isLate": isLate,
            "waiting": found.waiting, "unanswered": found.unanswered, "cases": found.cases,
            "oldest": found.oldestUnpublished.map { seconds(since: $0) } ?? "",
            "newestStep": found.newestStep.map(full) ?? "",
            "positions": positions(position.offsets), "unreadCount": found.unreadCount,
            "hasUnread": found.unreadCount > 0,
            "unread": found.unread.map {
                ["place": "\($0.topic)/\($0.partition) #\($0.offset)", "why": $0.reason]
            },
            "hasPack": found.pack != nil, "packFacts": packFacts, "packs": packs, "hasPacks": !found.packs.isEmpty,
            "keys": keys, "hasKeys": !found.keys.isEmpty, "endpoints": endpoints,
            "hasEndpoints": !found.endpoints.isEmpty, "failures": failures, "failureCount": found.failureCount,
            "hasFailures": found.failureCount > 0,
        ]
    }

    private func full(_ moment: Timestamp) -> String { "\(time.day(moment)) \(time.clock(moment))" }

    private func seconds(since moment: Timestamp) -> String {
        word("seconds", ["seconds": "\(max(0, (now.milliseconds - moment.milliseconds) / 1_000))"])
    }

    /// How many records of each topic were read.
    private func positions(_ offsets: [String: Int64]) -> [[String: Any]] {
        let topics = Dictionary(grouping: offsets) { String($0.key.prefix { $0 != "/" }) }
        return topics.sorted { $0.key < $1.key }.map { topic, places in
            [
                "topic": topic, "records": places.reduce(0) { $0 + $1.value },
                "places": places.sorted { $0.key < $1.key }.map {
                    "\($0.key.drop { $0 != "/" }.dropFirst())=\($0.value)"
                }
                .joined(separator: " "),
            ]
        }
    }

    private var packFacts: [[String: Any]] {
        guard let pack = found.pack else { return [] }
        let active = found.packs.first { $0.isWhole }
        let facts: [(String, String)] = [
            ("pack-title", pack.title), ("pack-name", pack.name), ("pack-version", "\(pack.version)"),
            ("pack-hash", active?.hash ?? ""), ("pack-since", active.map { full($0.activatedAt) } ?? ""),
            ("pack-holds", holds(pack)), ("pack-clock", clock(pack.calendar.utcOffsetMinutes)),
        ]
        return facts.filter { !$0.1.isEmpty }.map {
            ["factName": word($0.0), "factValue": $0.1, "isCode": $0.0 == "pack-hash"]
        }
    }

    private func holds(_ pack: Pack) -> String {
        let counts = [
            ("communities", pack.communities.count), ("units", pack.units.count), ("people", pack.people.count),
            ("categories", pack.categories.count), ("rules", pack.routingRules.count),
            ("grids", pack.grids?.count ?? 0),
            ("point-rules", pack.pointRules.count), ("stations", pack.points?.stations?.count ?? 0),
            ("prizes", pack.points?.prizes?.count ?? 0),
        ]
        return counts.filter { $0.1 > 0 }.map { word("holds-\($0.0)", ["count": "\($0.1)"]) }
            .joined(separator: word("comma"))
    }

    private func clock(_ minutes: Int) -> String {
        let size = abs(minutes)
        return "UTC\(minutes < 0 ? "−" : "+")\(size / 60):\(size % 60 < 10 ? "0" : "")\(size % 60)"
    }

    private var packs: [[String: Any]] {
        found.packs.map { pack in
            [
                "packHash": pack.hash, "packSince": full(pack.activatedAt), "isPart": !pack.isWhole,
            ]
        }
    }

    private var keys: [[String: Any]] {
        found.keys.map { key in
            let isRevoked = key.revokedFrom.map { $0 <= now } ?? false
            return [
                "keyId": key.keyId, "platform": key.platform ?? "", "granted": key.grantedAt.map(full) ?? "",
                "perMinute": key.perMinute.map(String.init) ?? word("no-limit"), "isRevoked": isRevoked,
                "revoked": key.revokedFrom.map(full) ?? "",
            ]
        }
    }

    /// Of an address only the host is shown: the rest may be a secret.
    private var endpoints: [[String: Any]] {
        found.endpoints.map { endpoint in
            [
                "endpointId": endpoint.endpointId.rawValue,
                "endpointHost": endpoint.address.url.flatMap { URL(string: $0)?.host() } ?? word("sealed"),
                "channel": endpoint.channel.rawValue,
                "eventCount": endpoint.events.isEmpty ? word("all-events") : "\(endpoint.events.count)",
                "isDisabled": endpoint.disabledAt != nil, "disabledWhy": endpoint.disabledReason ?? "",
                "disabledSince": endpoint.disabledAt.map(full) ?? "",
            ]
        }
    }

    private var failures: [[String: Any]] {
        found.failures.map {
            [
                "failedAt": full($0.at), "failedType": $0.type, "failedWhy": $0.reason,
                "failedId": $0.commandId.description,
            ]
        }
    }

    private func word(_ name: String, _ values: [String: String] = [:]) -> String {
        frame.words.text("admin.\(name)", visit.language, values)
    }
}
