import Foundation
import PackFolder

extension Mutation {
    /// Ways to spoil the prizes, the stations and the care list.
    static let shelf: [Mutation] = [
        Mutation(
            .badPhoto, .replace(.prizes, "photo: prize-rice.png", with: "photo: rice.png"), in: .prizes,
            says: "the photo rice.png is missing"),
        Mutation(
            .badPhoto, .replace(.prizes, "photo: prize-rice.png", with: "photo: ../prize-rice.png"), in: .prizes,
            says: "no file of the folder"),
        Mutation(
            .badPhoto, .replace(.prizes, "photo: prize-rice.png", with: "photo: units.csv"), in: .prizes,
            says: "neither a JPEG nor a PNG"),
        Mutation(
            .badValue,
            .replace(.prizes, "{ from: 2026-12-01, points: 100 }", with: "{ from: 2026-01-01, points: 100 }"),
            in: .prizes, at: .line(6), says: "in the order of their days"),
        Mutation(
            .badValue, .replace(.prizes, "{ from: 2026-12-01, points: 100 }", with: "{ from: December, points: 100 }"),
            in: .prizes, at: .line(6), says: "from is December"),
        Mutation(
            .badPoints, .replace(.prizes, "{ from: 2026-12-01, points: 100 }", with: "{ from: 2026-12-01, points: 0 }"),
            in: .prizes, at: .line(6), says: "a price is 0 points"),
        Mutation(
            .missingValue, .replace(.prizes, "  prices: [{ from: 2026-01-01, points: 80 }]\n", with: ""), in: .prizes,
            says: "the prize rice has no prices"),
        Mutation(
            .unknownKey, .replace(.prizes, "english: Rice (5 kg)", with: "english: Rice (5 kg)\n  stock: 3"),
            in: .prizes, says: "the key stock is not known"),
        Mutation(
            .duplicate, .replace(.prizes, "- prize: rice", with: "- prize: wrench"), in: .prizes,
            says: "the prize wrench stands twice"),
        Mutation(
            .unknownCommunity, .replace(.stations, "驿站,wuyue,", with: "驿站,wuyuan,"), in: .stations, at: .row(5),
            says: "wuyuan"),
        Mutation(
            .unknownPerson, .replace(.stations, ",station-wuyue-1", with: ",station-wuyue-2"), in: .stations,
            at: .row(5), says: "station-wuyue-2 is not in people.csv"),
        Mutation(
            .staffWithoutRole,
            .replace(.stations, ",station-wuyue-1", with: ",station-wuyue-1;worker-wuyue-property-1"),
            in: .stations, at: .row(5), says: "has not the role"),
        Mutation(
            .duplicate, .append(.stations, "wuyue-station,a,wuyue,b,c,\n"), in: .stations, at: .row(6), says: "row 5"),
        Mutation(
            .missingValue, .replace(.stations, "上上城西门物业服务中心旁", with: ""), in: .stations, at: .row(4),
            says: "address is empty"),
        Mutation(
            .unknownStation, .replace(.care, "mingdu-station;wuyue-station", with: "mingdu-station;wuyuan-station"),
            in: .care, at: .row(6), says: "wuyuan-station is not in stations.csv"),
        Mutation(
            .duplicate, .append(.care, "water,a,b,c,\n"), in: .care, at: .row(16), says: "row 3"),
        Mutation(
            .missingValue, .replace(.care, "water,免费饮水,", with: "water,,"), in: .care, at: .row(3),
            says: "name is empty"),
    ]
}
