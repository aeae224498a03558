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

@Test func `every sentence of the topics' pages is in Chinese, too, and no other one`() throws {
    let chinese = try #require(try Words().table(.chinese)["catalogue"])
    let english = try Set(
        TopicGuide.all.flatMap { guide in
            try [guide.topic.key] + guide.messages.map(\.purpose)
                + (guide.messages.first.map(TopicGuide.fields) ?? []).map(\.description)
        })

    for sentence in english.subtracting(chinese.keys).sorted() {
        Issue.record("Words/zh/topic-details.json has no Chinese for: \(sentence)")
    }
    for sentence in chinese.keys.filter({ !english.contains($0) }).sorted() {
        Issue.record("no page says any more what Words/zh/topic-details.json has Chinese for: \(sentence)")
    }
    for (sentence, text) in chinese {
        #expect(text.contains { ("\u{4E00}"..."\u{9FFF}").contains($0) }, "\(text)")
        #expect(sentence.hasSuffix(".") == text.hasSuffix("。"), "\(text)")
        // Codes, names and numbers are not translated, so none is in only one of the two.
        for code in text.matches(of: /[A-Za-z0-9][A-Za-z0-9.\/-]+/) {
            #expect(sentence.contains(code.output), "\(text)")
        }
    }
}

@Test func `a topic's page is in the language of its reader`() async throws {
    try await PortalUnderTest.run { _, client in
        let path = "/open/topics/\(TopicCatalogue.openCases.name)"
        let chinese = try await client.ask(path, [.acceptLanguage: "zh", .accept: "text/html"]).text
        let english = try await client.ask(path, [.acceptLanguage: "en", .accept: "text/html"]).text
        #expect(chinese.contains("<td>有几个人上报。</td>") && chinese.contains("<td>案件编号</td>"))
        #expect(!chinese.contains("How many people reported it."))
        #expect(english.contains("<td>How many people reported it.</td>") && english.contains("<td>case id</td>"))
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
