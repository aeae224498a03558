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
])
func `what points to a person is hidden`(text: String, expected: String) {
    #expect(Masking.masked(text) == expected)
}

@Test(arguments: [
    "Rubbish beside the bin", "3号楼2单元1501", "2026-11-23 08:15", "长50 宽20 深10", "赣江大道1234号", "投诉3次了", "云B",
    "Building 12, floor 3, room 305", "",
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
