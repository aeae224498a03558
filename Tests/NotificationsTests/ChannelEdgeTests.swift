import Contracts
import EventProcessing
import Foundation
import Notifications
import NotificationsDomain
import ObjectStore
import PersonalKeys
import ServiceKit
import Synchronization
import TestSupport
import Testing

/// Notes what it is to send, and answers as it is told to.
private final class RecordingSender: ChannelSender {
    let channel: Channel
    let canRepeat: Bool
    let limit: SendLimit
    private let state = Mutex((addresses: [String](), answer: DeliveryResult.delivered))

    init(_ channel: Channel, canRepeat: Bool = true, limit: SendLimit = .none) {
        self.channel = channel
        self.canRepeat = canRepeat
        self.limit = limit
    }

    var addresses: [String] { state.withLock { $0.addresses } }

    func answer(_ result: DeliveryResult) { state.withLock { $0.answer = result } }

    func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        state.withLock { state in
            state.addresses.append(address)
            return state.answer
        }
    }
}

@Suite("The edge")
struct ChannelEdgeTests {
    private let keys: Keys
    private let mail = RecordingSender(.email, canRepeat: false)
    private let webhook = RecordingSender(.webhook)
    private let edge: ChannelEdge

    init() throws {
        keys = try Keys()
        edge = ChannelEdge(senders: [mail, webhook], endpointKey: keys.webhook, people: keys.shelf)
    }

    private func contact(_ address: String, of person: PersonID = "rider-1") async throws -> OutsideAddress {
        let key = try #require(try await keys.shelf.key(of: person, making: true))
        return .sealed(
            contact: try key.seal(address, of: person, on: .email, contact: "contact-1"), contactId: "contact-1")
    }

    private func send(_ message: OutsideMessage) async throws -> DeliveryResult {
        await edge.send(try .of(.send(message: message)))
    }

    @Test func `a person's address is opened with the person's key`() async throws {
        let address = try await contact("rider@home.example")

        #expect(try await send(.sample(.email, address: address)) == .delivered)
        #expect(mail.addresses == ["rider@home.example"])
        // Whoever could move an address to another person's message would read it from there.
        let moved = try await send(.sample(.email, to: "rider-2", address: address))
        #expect(moved == .gone(reason: "the person's key was destroyed"))
        #expect(mail.addresses.count == 1)
    }

    @Test func `who was forgotten is written to no more, until a new contact is given`() async throws {
        let before = try await contact("rider@home.example")
        let erasing = try PlannedDelivery.of(.eraseKey(personId: "rider-1", erasedAt: .morning), id: "erasure-1")

        #expect(await edge.send(erasing) == .delivered)
        #expect(
            try await send(.sample(.email, address: before)) == .gone(reason: "the person's key was destroyed"))
        let after = try await contact("rider@new.example")
        // The same erasure once more: its report was lost on the way.
        #expect(await edge.send(erasing) == .delivered)
        #expect(try await send(.sample(.email, address: after)) == .delivered)
        #expect(
            try await send(.sample(.email, address: before)) == .gone(reason: "the person's key was destroyed"))
        #expect(mail.addresses == ["rider@new.example"])
    }

    @Test func `an endpoint's URL is opened where it is sealed`() async throws {
        let sealed = try SealedText.sealing("https://robot.example/?token=1", of: "hotline", by: keys.webhook)
        func send(_ address: EndpointAddress, to endpoint: EndpointID) async throws -> DeliveryResult {
            try await self.send(
                .sample(
                    to: Notify.endpoints,
                    address: .endpoint(address: address, endpointId: endpoint, generation: 1, formerUntil: nil)))
        }
        #expect(try await send(EndpointAddress(sealed: sealed), to: "hotline") == .delivered)
        #expect(try await send(EndpointAddress(url: "https://open.example/"), to: "hotline") == .delivered)
        let moved = try await send(EndpointAddress(sealed: sealed), to: "another")
        #expect(
            moved
                == .failed(
                    reason: "the address cannot be opened: it was changed, or was sealed for another place",
                    canRetry: false))
        #expect(webhook.addresses == ["https://robot.example/?token=1", "https://open.example/"])
    }

    @Test func `a channel that is not set up, and what cannot be read, is refused in words`() async throws {
        #expect(
            try await send(.sample(.sms))
                == .failed(reason: "the channel sms is not set up", canRetry: false))
        let broken = PlannedDelivery(
            id: "d", lane: "lane", payload: Data("{}".utf8), state: .started, attempt: 1, plannedAt: .morning,
            notBefore: .morning)
        guard case .failed(_, canRetry: false, nil) = await edge.send(broken) else {
            Issue.record("something was sent")
            return
        }
        #expect(edge.canRepeat(broken))
    }

    @Test func `only channels that know a repetition are repeated`() throws {
        #expect(!edge.canRepeat(try .of(.send(message: .sample(.email)))))
        #expect(edge.canRepeat(try .of(.send(message: .sample(.webhook)))))
        #expect(edge.canRepeat(try .of(.eraseKey(personId: "rider-1", erasedAt: .morning))))
        let caller = HTTPCaller(allows: .none)
        let real: [any ChannelSender] = [
            WebhookSender(key: keys.webhook, caller: caller),
            WebPushSender(key: try VAPIDKey(keys.vapid), subject: "mailto:a@b.example", publicURL: "", caller: caller),
            SMSSender(url: "", key: "", caller: caller), DingTalkSender(publicURL: "", caller: caller),
            WeComSender(publicURL: "", caller: caller), FeishuSender(publicURL: "", caller: caller),
            WeChatSender(app: .init(id: "", secret: ""), caller: caller),
        ]
        #expect(Set(real.filter(\.canRepeat).map(\.channel)) == [.webhook, .webPush, .sms])
    }

    @Test func `a lane that fails is left alone, others go on`() async throws {
        webhook.answer(.failed(reason: "answered 500", canRetry: true))
        for number in 0..<5 { _ = try await send(on: "bad", id: DeliveryID("\(number)")) }
        let called = webhook.addresses.count

        guard case .postponed(_, let time) = try await send(on: "bad", id: "5") else {
            Issue.record("the lane is still called")
            return
        }
        #expect(called == 5 && webhook.addresses.count == 5)
        #expect((.seconds(25)...(.seconds(30))).contains(time))
        webhook.answer(.delivered)
        #expect(try await send(on: "good", id: "6") == .delivered)
    }

    private func send(on lane: String, id: DeliveryID) async throws -> DeliveryResult {
        await edge.send(try .of(.send(message: .sample(address: .open(url: "u"))), id: id, lane: lane))
    }

    @Test func `where people's keys cannot be read, it is tried again`() async throws {
        let address = try await contact("rider@home.example")
        let other = try Keys()
        let edge = ChannelEdge(
            senders: [mail], endpointKey: keys.webhook,
            people: PersonKeyShelf(store: FolderStore(keys.folder.url), seal: other.persons))
        let result = await edge.send(try .of(.send(message: .sample(.email, address: address))))
        guard case .failed(let reason, canRetry: true, nil) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.contains("keys/persons.key"))
        #expect(mail.addresses.isEmpty)
    }
}
