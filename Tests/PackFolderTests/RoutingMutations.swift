import PackFolder

extension Mutation {
    /// Of owner rules, compounds and duties.
    static let routing: [Mutation] = [
        Mutation(
            .badSentence, .replace(.routing, "E0105 -> water", with: "E0105 by water"), in: .routing,
            at: .character(line: 24, column: 12), says: "line 24, column 12: \"by\" is not understood here"),
        Mutation(
            .unknownCompound, .replace(.routing, "E0105 -> water", with: "E0105 inside mingdo -> water"), in: .routing,
            at: .character(line: 24, column: 19), says: "mingdo"),
        Mutation(
            .unknownCommunity, .replace(.routing, "E0105 -> water", with: "E0105 in mingdo -> water"), in: .routing,
            at: .character(line: 24, column: 15), says: "mingdo"),
        Mutation(
            .ambiguousName, .replace(.units, "water,高新区水务管理中心", with: "water,高新区环卫所"),
            .replace(.routing, "-> sanitation,", with: "-> 高新区环卫所,"), in: .routing,
            says: "高新区环卫所 stands for sanitation and water"),
        Mutation(
            .badID, .replace(.routing, "R36: ", with: "水: "), in: .routing, at: .line(24), says: "水"),
        Mutation(
            .unknownUnit,
            .replace(.compounds, "\"propertyUnit\": \"wuyue-property\"", with: "\"propertyUnit\": \"nobody\""),
            in: .compounds, at: .feature(4), says: "nobody"),
        Mutation(
            .missingValue, .replace(.compounds, "\"community\": \"wuyue\", ", with: ""), in: .compounds,
            at: .feature(4),
            says: "community"),
        Mutation(
            .compoundOutside,
            .replace(
                .compounds, "\"community\": \"mingdu\", \"propertyUnit\": \"mingdu-property\"",
                with: "\"community\": \"wuyue\", \"propertyUnit\": \"wuyue-property\""), in: .compounds,
            at: .feature(1),
            says: "mingdu-compound lies outside its community wuyue"),
        Mutation(
            .overlappingCompounds, .replace(.compounds, "[115.9533, 28.6866]", with: "[115.9450, 28.6850]"),
            in: .compounds, at: .feature(2), says: "longjiang-compound and mingdu-compound overlap"),
        Mutation(
            .unknownPerson, .replace(.duties, "worker-sanitation-2,", with: "worker-sanitation-9,"), in: .duties,
            at: .row(3), says: "worker-sanitation-9"),
        Mutation(
            .dutyOfNoWorker, .replace(.duties, "worker-sanitation-2,", with: "dispatcher-district-1,"), in: .duties,
            at: .row(3), says: "dispatcher-district-1"),
        Mutation(
            .badValue, .replace(.duties, "06:00,14:00", with: "6 a.m.,14:00"), in: .duties, at: .row(2), says: "6 a.m."),
        Mutation(
            .badValue, .replace(.duties, "1,saturday;sunday,00:00", with: "1,saturday;caturday,00:00"), in: .duties,
            at: .row(5), says: "caturday"),
    ]
}
