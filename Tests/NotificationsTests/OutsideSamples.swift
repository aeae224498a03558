import Contracts
import EventProcessing
import Foundation
import Notifications
import NotificationsDomain
import ObjectStore
import PersonalKeys
import ServiceKit
import TestSupport

/// 2026-11-23 08:15 in Nanchang, as a wall clock says it.
let moment = Date(timeIntervalSince1970: 1_795_392_900)

/// Keys of a data folder of its own, gone with it.
struct Keys: Sendable {
    let folder: TemporaryFolder
    let webhook: DataFolderKey
    let persons: DataFolderKey
    let vapid: DataFolderKey

    init() throws {
        folder = try TemporaryFolder()
        webhook = try DataFolderKey.load(.webhook, in: folder.url)
        persons = try DataFolderKey.load(.persons, in: folder.url)
        vapid = try DataFolderKey.load(.vapid, in: folder.url)
    }

    var shelf: PersonKeyShelf { PersonKeyShelf(store: FolderStore(folder.url), seal: persons) }
}

extension OutsideMessage {
    /// A message to rider-1 that has all that any channel needs.
    static func sample(
        _ channel: Channel = .webhook, to recipientId: PersonID = "rider-1", address: OutsideAddress = .open(url: ""),
        title: String = "您的报告已办结", body: String = "名都北门的垃圾已清走。", short: String = "垃圾已清走",
        language: NotificationLanguage = .chinese, link: String? = "/cases/case-1",
        data: String? = #"{"type":"case.closed"}"#, unsubscribe: UnsubscribeScope? = nil
    ) -> OutsideMessage {
        OutsideMessage(
            channel: channel, recipientId: recipientId, address: address, title: title, body: body, short: short,
            language: language, link: link, data: data,
            template: .init(id: "template-1", variables: ["thing1": "垃圾已清走", "time2": "08:15"]),
            aboutEventId: .named("event"), aboutType: "case.closed", caseId: "case-1", unsubscribe: unsubscribe)
    }
}

extension PlannedDelivery {
    static func of(
        _ task: OutsideTask, id: DeliveryID = "delivery-1", lane: String = "lane", attempt: Int = 1
    ) throws -> PlannedDelivery {
        PlannedDelivery(
            id: id, lane: lane, payload: try ContractCoding.encode(task), state: .started, attempt: attempt,
            plannedAt: .morning, notBefore: .morning)
    }
}

extension HTTPCaller {
    /// One that may call this machine, at the sample moment.
    static func here(timeout: Duration = .seconds(10)) -> HTTPCaller {
        HTTPCaller(allows: .loopback, timeout: timeout, now: { moment })
    }
}

extension DeliveryResult {
    /// What travels on a topic and stands in logs.
    var reason: String {
        switch self {
        case .delivered: ""
        case .failed(let reason, _, _), .gone(let reason), .unknown(let reason), .postponed(let reason, _): reason
        }
    }
}
