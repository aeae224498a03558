import PackFolder

extension Mutation {
    /// Of questions about categories.
    static let questions: [Mutation] = [
        Mutation(
            .badValue, .replace(.questions, "P0118,number", with: "P0118,float"), in: .questions, at: .row(5),
            says: "type is float"),
        Mutation(
            .unknownCategory, .replace(.questions, "E0406,number", with: "E0999,number"), in: .questions, at: .row(6),
            says: "E0999"),
        Mutation(
            .unknownCategory, .replace(.questions, "E0406,number", with: "E0406;Z*,number"), in: .questions,
            at: .row(6), says: "Z*"),
        Mutation(
            .missingValue, .replace(.questions, "water-depth,E0406,", with: "water-depth,,"), in: .questions,
            at: .row(6), says: "categories"),
        Mutation(
            .missingValue, .replace(.questions, "Do not step in: a guess is enough", with: ""), in: .questions,
            at: .row(6), says: "englishHint"),
        Mutation(
            .listWithoutValues,
            .replace(.questions, "missing:缺失|Missing;broken:破损|Broken;loose:松动、异响|Loose or noisy", with: ""),
            in: .questions, at: .row(7), says: "manhole-danger"),
        Mutation(
            .valuesWithoutList, .replace(.questions, "P0101,singlevaluelist", with: "P0101,string"), in: .questions,
            at: .row(7), says: "its type is string"),
        Mutation(
            .badValue, .replace(.questions, "loose:松动、异响|Loose or noisy", with: "loose:松动、异响"), in: .questions,
            at: .row(7), says: "loose:松动、异响"),
        Mutation(
            .badID, .replace(.questions, "loose:松动", with: "loose or noisy:松动"), in: .questions, at: .row(7),
            says: "loose or noisy"),
        Mutation(
            .duplicate, .replace(.questions, "broken:破损", with: "missing:破损"), in: .questions, at: .row(7),
            says: "missing stands twice"),
        Mutation(
            .requiredInformation, .replace(.questions, "then report.\",false", with: "then report.\",true"),
            in: .questions, at: .row(8), says: "gas-safety"),
        Mutation(
            .badValue, .replace(.questions, "gas-safety,S0199,text", with: "gas-safety,S0199,string"),
            in: .questions, at: .row(8), says: "only informs"),
        Mutation(
            .duplicate, .append(.questions, "lamp-pole,P0101,string,几号？,Which?,,,,,\n"), in: .questions,
            at: .row(15), says: "row 4"),
    ]

    /// Of places that people know by name.
    static let landmarks: [Mutation] = [
        Mutation(
            .badValue, .replace(.landmarks, "28.6850,115.9485", with: "115.9485,28.6850"), in: .landmarks,
            at: .row(2), says: "no place on Earth"),
        Mutation(
            .badValue, .replace(.landmarks, "28.6850,115.9485", with: "north,115.9485"), in: .landmarks, at: .row(2),
            says: "no place on Earth"),
        Mutation(
            .missingValue, .replace(.landmarks, "28.6850,115.9485", with: ",115.9485"), in: .landmarks, at: .row(2),
            says: "latitude"),
        Mutation(
            .landmarkOutside, .replace(.landmarks, "28.6850,115.9485", with: "28.7850,115.9485"), in: .landmarks,
            at: .row(2), says: "mingdu-east-gate"),
        Mutation(
            .duplicate, .append(.landmarks, "mingdu-market,新菜场,New market,28.6868,115.9426,\n"), in: .landmarks,
            at: .row(14), says: "row 4"),
        Mutation(
            .duplicate, .replace(.landmarks, "龙江广场", with: "龙江驿站"), in: .landmarks, at: .row(7),
            says: "longjiang-rider-station"),
        // As people type it whose keyboard is set to wide letters.
        Mutation(
            .duplicate, .replace(.landmarks, "吾悦公交站", with: "ｍｉｎｇｄｕ　ＭＡＲＫＥＴ"), in: .landmarks, at: .row(13),
            says: "mingdu-market"),
    ]
}
