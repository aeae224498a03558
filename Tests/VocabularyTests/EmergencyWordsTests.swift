import Contracts
import Testing

@testable import Vocabulary

private func advice(_ text: String) throws -> EmergencyAdvice? {
    EmergencyWords(try nanchang().emergencies ?? []).advice(for: text)
}

@Test(arguments: [
    ("三楼着火了，快来人", ["119"]), ("楼道里有很浓的煤气味", ["119"]), ("燃气泄漏，味道很大", ["119"]), ("电动车起火", ["119"]),
    ("有人受伤，腿上流血", ["120"]), ("老人晕倒在路边", ["120"]), ("工人触电了", ["120"]), ("电梯里有人被困", ["119", "110"]),
    ("孩子落水了", ["119", "120"]), ("路灯杆漏电，摸到会麻", ["95598", "119"]), ("灭火器不好用，已经着火了", ["119"]),
    ("落水管旁边有人落水", ["119", "120"]), ("There is a FIRE in the stairwell!", ["119"]),
    ("I smell gas near block 3", ["119"]),
    ("a man is injured and bleeding", ["120"]), ("ｆｉｒｅ！", ["119"]), ("着火了，有人受伤", ["119", "120"]),
    ("没有着火，是起火了", ["119"]), ("Nobody is injured but the shed is on fire", ["119"]),
    ("the piano fire next door", ["119"]),
])
func `words of danger are answered with the number to call`(text: String, call: [String]) throws {
    #expect(try advice(text)?.call == call)
}

@Test(arguments: [
    "灭火器过期了", "消防通道被堵，万一着火怎么办", "这里有火灾隐患", "落水管破了，一下雨就漏", "被困扰很久了", "防溺水警示牌掉了",
    "漏电保护器坏了", "路面坑洼，容易受伤", "没有人受伤", "没有受伤", "小心触电的牌子歪了", "燃气泄漏报警器没电了", "消防演练太吵", "小火锅店油烟大",
    "fire extinguisher is missing", "The fire lanes are blocked", "fireworks every night", "They fired the guard",
    "firewood piled in the hallway", "nobody is injured", "a gas leak detector beeps", "垃圾没人清", "", "misfire",
])
func `harmless words that look like danger are not`(text: String) throws {
    #expect(try advice(text) == nil)
}

@Test func `the advice names the words and says what to do in Chinese and English`() throws {
    let found = try #require(try advice("厨房着火，有人受伤，又着火了"))

    #expect(found.words == ["着火", "受伤"])
    #expect(found.call == ["119", "120"])
    #expect(found.advice.contains("119"))
    #expect(found.advice.contains("Call 120 now"))
    #expect(found.advice.split(separator: "\n").count == 2)
}

@Test func `an exception shields its own emergency only, and only where it stands`() {
    let words = EmergencyWords([
        PackEmergency(
            id: "fire", words: ["火", "fire"], exceptions: ["火锅"], call: ["119"], advice: "甲", englishAdvice: "A"),
        PackEmergency(id: "pot", words: ["火锅"], exceptions: [], call: ["110"], advice: "乙", englishAdvice: "B"),
    ])

    #expect(words.advice(for: "火锅")?.call == ["110"])
    #expect(words.advice(for: "火锅火")?.call == ["119", "110"])
    #expect(words.advice(for: "firefire") == nil)
    #expect(words.advice(for: "fire火锅")?.words == ["fire", "火锅"])
    #expect(EmergencyWords.none.advice(for: "着火") == nil)
}
