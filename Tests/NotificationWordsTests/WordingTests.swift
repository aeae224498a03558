import Contracts
import Foundation
import PackFolder
import Testing

@testable import NotificationWords

private let nanchang = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "deploy/packs/nanchang")

private func sample(_ type: String) throws -> NotifiableEvent { try #require(try SampleEvent.of(type: type)) }

@Test(arguments: TellableEvent.all)
func `what a text may hold is exactly what its event can say`(type: String) throws {
    let pack = try PackFolder.load(nanchang)
    let facts = Facts(try sample(type), pack: pack, language: .chinese)

    // A whistle has a reason where a person ended it, which the sample does not show; who orders gives none.
    let besides: Set<String> = ["case.whistle-ended", "order.placed"].contains(type) ? ["reason"] : []
    #expect(
        Set(facts.values.keys).subtracting(besides) == TellableEvent.variables(of: type).subtracting(besides))
}

@Test func `every text of the demo pack can be filled in both languages, and no brace is left`() throws {
    let pack = try PackFolder.load(nanchang)
    #expect(pack.templates.count == 60)
    for template in pack.templates {
        for language in NotificationLanguage.allCases {
            let wording = Wording(template, about: try sample(template.event), pack: pack, language: language)
            for text in [wording.title, wording.body, wording.short] {
                #expect(!text.contains("{") && !text.contains("—") && !text.isEmpty, "\(template.event) \(text)")
            }
            #expect(wording.language == language)
        }
    }
}

private let template = PackTemplate(
    event: "case.closed", role: .reporter, title: "已办结 {caseNumber}", body: "{category}好了"
) {
    $0.short = "好了"
    $0.english = PackText(title: "Done {caseNumber}", body: "{category} is done")
}

@Test func `a text is in the reader's language, and in Chinese where it has none of that`() throws {
    let pack = try PackFolder.load(nanchang)
    var chineseOnly = template
    chineseOnly.english = nil
    func wording(_ template: PackTemplate, _ language: NotificationLanguage) throws -> Wording {
        Wording(template, about: try sample("case.closed"), pack: pack, language: language)
    }

    #expect(try wording(template, .chinese).body == "暴露垃圾（生活垃圾暴露）好了")
    #expect(try wording(template, .english).body == "Exposed household garbage is done")
    let fallen = try wording(chineseOnly, .english)
    #expect(fallen.language == .chinese && fallen.body == "暴露垃圾（生活垃圾暴露）好了")
}

@Test func `the short form is the short text, else the body`() throws {
    let pack = try PackFolder.load(nanchang)
    let chinese = Wording(template, about: try sample("case.closed"), pack: pack, language: .chinese)
    let english = Wording(template, about: try sample("case.closed"), pack: pack, language: .english)

    #expect(chinese.body(in: .short) == "好了" && chinese.body(in: .full) == "暴露垃圾（生活垃圾暴露）好了")
    #expect(english.body(in: .short) == english.body)
}

@Test func `an order says which prizes, where, and until when`() throws {
    let pack = try PackFolder.load(nanchang)
    let facts = Facts(try sample("order.placed"), pack: pack, language: .chinese)
    let english = Facts(try sample("order.placed"), pack: pack, language: .english)

    #expect(facts.values["prizes"]?.contains("×1、") == true && english.values["prizes"]?.contains("×1, ") == true)
    #expect(facts.values["deadline"] != nil && facts.values["station"] != nil)
}

private func wording(_ number: Int, _ language: NotificationLanguage = .chinese) -> Wording {
    Wording(title: "题\(number)", body: "文\(number)", short: "短\(number)。", language: language)
}

@Test func `a burst is one text: the newest names it, and none is left out`() {
    #expect(Wording.merged([]) == nil)
    #expect(Wording.merged([wording(1)]) == wording(1))
    let merged = Wording.merged([wording(1), wording(2), wording(3)])
    #expect(merged?.title == "题3（共 3 条）")
    #expect(merged?.body == "题1\n文1\n\n题2\n文2\n\n题3\n文3")
    #expect(merged?.short == "短3。另有 2 条进展。")
    #expect(Wording.merged([wording(1, .english), wording(2, .english)])?.title == "题2 (2 updates)")
}

@Test func `a long burst counts all and tells the newest`() throws {
    let merged = try #require(Wording.merged((1...30).map { wording($0) }))

    #expect(merged.title.contains("30"))
    #expect(merged.body.hasPrefix("题21") && merged.body.hasSuffix("文30"))
}

@Test func `a digest says how many reports and points, with a sign`() throws {
    let text = PackText(title: "{reports} 件", body: "{closed} 件办结，{points} 分", short: "{unknown}")
    let digest = PackDigest(weekday: 7, minute: 600, text: text, english: nil, channels: [.email])
    func body(_ points: Int) -> String {
        Wording(digest, of: DigestCounts(reports: 5, closed: 3, points: points), language: .english).body
    }

    #expect(body(30) == "3 件办结，+30 分" && body(-4) == "3 件办结，-4 分" && body(0) == "3 件办结，0 分")
    #expect(Wording(digest, of: DigestCounts(reports: 5), language: .chinese).short == "{unknown}")
}

@Test func `a provider's variables are filled, and a group without words reads the bare facts`() throws {
    let pack = try PackFolder.load(nanchang)
    let provider = PackProviderTemplate(id: "t", variables: ["thing1": "{category}", "no": "{caseNumber}"])

    #expect(
        provider.filled(about: try sample("case.closed"), pack: pack, language: .chinese)
            == ["thing1": "暴露垃圾（生活垃圾暴露）", "no": "MD-20261123-0007"])
    let bare = Wording(bare: try sample("case.closed"), pack: pack)
    #expect(bare.title == "case.closed" && bare.body.hasPrefix("MD-20261123-0007 · 暴露垃圾"))
}
