import Foundation
import PackFolder

extension Mutation {
    /// Spoilt lines of `loop.yaml`, and of the units above others.
    static let loop: [Mutation] = [
        Mutation(
            .unknownKey, .replace(.loop, "reopenDays: 15", with: "reopenWeeks: 2"), in: .loop, at: .line(3),
            says: "reopenWeeks"),
        Mutation(
            .badValue, .replace(.loop, "nearDue: 800", with: "nearDue: 1000"), in: .loop, at: .line(9),
            says: "from 1 to 999"),
        Mutation(
            .badValue, .replace(.loop, "LevelUp: 2", with: "LevelUp: 0"), in: .loop, at: .line(5),
            says: "returnsBeforeLevelUp is 0"),
        Mutation(
            .badLimit, .replace(.loop, "replyLimit: 3n", with: "replyLimit: 3 days"), in: .loop, at: .line(7),
            says: "replyLimit"),
        Mutation(.badLimit, .replace(.loop, "after: 2w", with: "after: 2"), in: .loop, at: .line(14), says: "after"),
        Mutation(
            .badLimit, .replace(.loop, "dispatchLimit: 0.5w", with: "dispatchLimit: 30min"), in: .loop, at: .line(24),
            says: "dispatchLimit"),
        Mutation(
            .badLimit, .replace(.loop, "verifyLimit: 4w", with: "verifyLimit: soon"), in: .loop, at: .line(25),
            says: "verifyLimit"),
        Mutation(
            .badLimit, .replace(.categories, "manhole,0101,false,0.5e,,24e", with: "manhole,0101,false,0.5e,,24h"),
            in: .categories, at: .row(28), says: "repairLimit"),
        Mutation(
            .missingValue, .replace(.loop, "  - name: 街道\n    englishName", with: "  - englishName"), in: .loop,
            at: .line(15), says: "name is missing"),
        Mutation(
            .unknownUnit, .replace(.loop, "unit: subdistrict", with: "unit: street"), in: .loop, at: .line(18),
            says: "street"),
        Mutation(
            .badValue, .replace(.loop, "afterPhotos: optional", with: "afterPhotos: maybe"), in: .loop, at: .line(27),
            says: "write required or optional"),
        Mutation(
            .unreadable, .overwrite(.loop, Data("ladder: [".utf8)), in: .loop, says: "YAML"),
        Mutation(
            .unknownUnit, .replace(.units, "服务中心,mingdu-committee", with: "服务中心,mingdo"), in: .units, at: .row(2),
            says: "mingdo"),
        Mutation(
            .badValue, .replace(.units, "督查室,", with: "督查室,district"), in: .units, at: .row(24),
            says: "district is above itself"),
    ]
}
