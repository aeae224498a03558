import Foundation
import TestSupport
import Testing
import WorkingTime

@Suite struct TimeLimitTests {
    @Test func `the four units are read`() throws {
        #expect(try TimeLimit("4w") == .workingHours(hundredths: 400))
        #expect(try TimeLimit("0.5e") == .emergencyHours(hundredths: 50))
        #expect(try TimeLimit("0.05w") == .workingHours(hundredths: 5))
        #expect(try TimeLimit("5d") == .workingDays(5))
        #expect(try TimeLimit("15n") == .naturalDays(15))
    }

    @Test(arguments: [
        ("", "must end in w"), ("4", "must end in w"), ("4工作时", "must end in w"), ("4W", "must end in w"),
        ("w", "a number such as"), ("-4w", "a number such as"), ("4 w", "a number such as"),
        (".5e", "a number such as"),
        ("1.e", "a number such as"), ("1.2.3e", "a number such as"), ("４w", "a number such as"),
        ("0w", "more than nothing"), ("0.00e", "more than nothing"), ("0.125e", "at most two decimals"),
        ("1.5d", "days are whole"), ("10001n", "more than 10000"), ("99999999999999999999w", "more than 10000"),
    ])
    func `what is no limit is refused with the reason`(text: String, reason: String) {
        let error = #expect(throws: TimeLimitError.self) { try TimeLimit(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.text == text)
    }

    @Test func `text and JSON give the same limit back`() throws {
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let number = Int.random(in: 1...10_000, using: &random)
            let limits: [TimeLimit] = [
                .workingHours(hundredths: number), .emergencyHours(hundredths: number), .workingDays(number),
                .naturalDays(number),
            ]
            for limit in limits { #expect(try TimeLimit(limit.text) == limit) }
            #expect(try JSONDecoder().decode([TimeLimit].self, from: JSONEncoder().encode(limits)) == limits)
        }
        #expect(try TimeLimit("4.50w").text == "4.5w")
    }
}
