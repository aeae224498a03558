import Logging
import Testing

@testable import Kafka

@Test func `who is turned away hears why, until a broker takes them`() {
    let news = ClientNews(Logger(label: "test"), client: "points", kind: "test")
    let down = KafkaError(.retriable, name: "_TRANSPORT", message: "Local: Broker transport failure")
    let refused = KafkaError(.refused, name: "_AUTHENTICATION", message: "wrong name or password")

    #expect(news.explained(down) == down)
    news.note(refused)
    news.note(down)
    #expect(
        news.explained(down) == KafkaError(.retriable, name: "_AUTHENTICATION", message: "wrong name or password"))
    #expect(news.explained(.closed) == .closed)
    news.answered()
    #expect(news.explained(down) == down)
}
