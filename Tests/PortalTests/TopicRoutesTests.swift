import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

@Test func `every topic has a page in both languages, with a strict policy`() async throws {
    try await PortalUnderTest.run { _, client in
        for language in ["zh", "en"] {
            let headers: HTTPFields = [.acceptLanguage: language, .accept: "text/html"]
            let list = try await client.ask("/open/topics", headers)
            #expect(list.status == 200)
            for topic in TopicCatalogue.all {
                #expect(list.text.contains("/open/topics/\(topic.name)"))
                let page = try await client.ask("/open/topics/\(topic.name)", headers)
                #expect(page.status == 200)
                #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'self'") == true)
                // A name of words that nobody wrote would stand there itself.
                #expect(!page.text.contains("topic-what.") && !page.text.contains("topic-reason."), "\(topic.name)")
                for message in MessageCatalogue.messages(on: topic) {
                    #expect(page.text.contains("/open/schemas/\(message.name)"))
                }
            }
        }
        let unknown = try await client.ask("/open/topics/weather.v1")
        #expect(unknown.status == 404)
    }
}

@Test func `the document and every schema are for everybody, and are not sent twice`() async throws {
    try await PortalUnderTest.run { _, client in
        let document = try await client.ask("/open/asyncapi.json")
        #expect(document.status == 200 && document.headers[.accessControlAllowOrigin] == "*")
        #expect(document.json["asyncapi"] == "3.0.0")
        #expect(document.json["channels"]?["open-cases.v1"]?["x-audience"] == "public")
        let tag = try #require(document.headers[.eTag])
        let again = try await client.ask("/open/asyncapi.json", [.ifNoneMatch: tag])
        #expect(again.status == 304)

        for name in MessageCatalogue.all.map(\.name) + ["envelope", "common"] {
            let schema = try await client.ask("/open/schemas/\(name)")
            let file = SchemaFiles.folder.appending(path: "\(name).schema.json")
            #expect(schema.status == 200 && schema.headers[.eTag] != nil)
            #expect(schema.json == (try JSONValue(parsing: try Data(contentsOf: file))), "\(name)")
        }
        let unknown = try await client.ask("/open/schemas/weather.v1")
        #expect(unknown.status == 404)
        let outside = try await client.ask("/open/schemas/..%2Fopenapi")
        #expect(outside.status == 404)
    }
}
