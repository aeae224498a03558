import Contracts
import TestSupport
import Testing

@Test(arguments: [
    ("电话13812345678，请回复", "电话***********，请回复"),
    ("138-1234-5678", "***-****-****"),
    ("138 1234 5678.", "*** **** ****."),
    ("3 13812345678", "3 ***********"),
    ("+8613812345678", "+*************"),
    ("１３８１２３４５６７８", "***********"),
    ("座机0791-86123456", "座机****-********"),
    ("身份证36010219900101123X。", "身份证******************。"),
    ("360102199001011234", "******************"),
    ("车牌赣A12345占道", "车牌*******占道"),
    ("赣A·D12345 and 京B1234学", "**·****** and *******"),
    ("卡号6222 0000 0000 0000 0，", "卡号6222 0000 0000 0000 0，"),
    ("卡号4111 1111 1111 1111，", "卡号**** **** **** ****，"),
    ("4111-1111-1111-1111", "****-****-****-****"),
    ("４１１１　１１１１　１１１１　１１１１", "****　****　****　****"),
    ("138\u{200B}1234\u{200B}5678", "***\u{200B}****\u{200B}****"),
    ("138 - 1234 - 5678", "*** - **** - ****"),
    ("138  1234  5678", "***  ****  ****"),
    ("护照E12345678丢了", "护照*********丢了"),
    ("ea1234567 G12345678 H1234567890", "********* ********* ***********"),
    ("写信到 li.lei+1@example.com.", "写信到 ********@***********."),
    ("ｌｉ＠ｅｘａｍｐｌｅ．ｃｎ", "**＠**********"),
])
func `what points to a person is hidden`(text: String, expected: String) {
    #expect(Masking.masked(text) == expected)
}

@Test(arguments: [
    "Rubbish beside the bin", "3号楼2单元1501", "2026-11-23 08:15", "长50 宽20 深10", "赣江大道1234号", "投诉3次了", "云B",
    "Building 12, floor 3, room 305", "", "E0102 和 P0101", "G60高速12345678", "见@物业", "3@b", "a@b.c", "2026-11-23 081530",
    "ABE12345678", "E1234567 E123456789",
])
func `what points to nobody stays`(text: String) {
    #expect(Masking.masked(text) == text)
}

@Test func `a phone number is hidden wherever it stands`() {
    var generator = SeededGenerator()
    let around = Array("垃圾 车-停1，.路口ab赣")
    for _ in 0..<2_000 {
        let before = String(
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in around.randomElement(using: &generator) ?? "a" })
        let after = String(
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in around.randomElement(using: &generator) ?? "a" })
        let phone = "1" + String(Int.random(in: 3_000_000_000...9_999_999_999, using: &generator))

        let masked = Masking.masked(before + phone + after)

        #expect(!masked.contains(phone), "\(before)|\(phone)|\(after)")
        #expect(masked.unicodeScalars.count == (before + phone + after).unicodeScalars.count)
    }
}

/// Test numbers that payment companies publish (Stripe, PayPal), and the examples of GB 11643-1999 and its readers.
private let published: [(String, PersonalData)] =
    [
        "4111111111111111", "4222222222222", "5555555555554444", "378282246310005", "30569309025904",
        "6011111111111117",
        "3566002020360505", "6200000000000005", "6205500000000000004",
    ].map { ($0, .bankCard) } + ["11010519491231002X", "440524188001010014"].map { ($0, .identityCard) }

@Test(arguments: published)
func `published numbers are hidden as what they are, whole and in groups, in either width`(
    number: String, kind: PersonalData
) {
    let wide = String(
        String.UnicodeScalarView(number.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
    for text in [number, wide] {
        #expect(Masking.examined("号码\(text)。") == MaskedText(text: "号码" + stars(number.count) + "。", hidden: [kind]))
    }
    guard kind == .bankCard else { return }
    for separator in [" ", "-", "\u{3000}", "\u{FF0D}"] {
        #expect(Masking.examined(grouped(number, by: separator)).hidden == [kind], "\(separator)")
    }
}

private func stars(_ count: Int) -> String { String(repeating: "*", count: count) }

/// In groups of four, the last takes what is left.
private func grouped(_ number: String, by separator: String) -> String {
    stride(from: 0, to: number.count, by: 4)
        .map { String(number.dropFirst($0).prefix(4)) }.joined(separator: separator)
}

@Test func `a bank card is hidden wherever it stands and however it is written`() {
    var generator = SeededGenerator()
    let around = Array("垃圾 车-停，.路口ab赣x@")
    func noise() -> String {
        String(
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in around.randomElement(using: &generator) ?? "a" })
    }
    for _ in 0..<2_000 {
        let number = randomCard(using: &generator)
        let separator = ["", " ", "-", "\u{3000}"].randomElement(using: &generator) ?? ""
        let (before, after) = (noise(), noise())
        let written = grouped(number, by: separator)

        let masked = Masking.examined(before + written + after)

        let digits = masked.text.unicodeScalars.count { $0.properties.numericType != nil }
        #expect(digits == 0, "\(before)|\(written)|\(after) became \(masked.text)")
        #expect(masked.text.unicodeScalars.count == (before + written + after).unicodeScalars.count)
        #expect(masked.hidden.contains { [.bankCard, .phone, .identityCard].contains($0) })
    }
}

/// 13 to 19 digits, the last of which makes the check sum right.
private func randomCard(using generator: inout SeededGenerator) -> String {
    let digits = (0..<Int.random(in: 12...18, using: &generator)).map { place in
        place == 0 ? Int.random(in: 3...6, using: &generator) : Int.random(in: 0...9, using: &generator)
    }
    let sum = digits.reversed().enumerated().reduce(0) { sum, entry in
        let value = entry.offset.isMultiple(of: 2) ? entry.element * 2 : entry.element
        return sum + (value > 9 ? value - 9 : value)
    }
    return (digits + [(10 - sum % 10) % 10]).map(String.init).joined()
}

@Test func `the kinds of what is hidden are named in order, each once`() {
    let text = "13812345678 或 a@b.cn，赣A12345，E12345678，13912345678，12345678901"

    #expect(Masking.examined(text).hidden == [.phone, .passport, .plate, .email, .longNumber])
    #expect(Masking.examined("没有") == MaskedText(text: "没有", hidden: []))
    #expect(Masking.examined("3 楼") == MaskedText(text: "3 楼", hidden: []))
}
