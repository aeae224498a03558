import Contracts
import Foundation
import Geography
import ServiceKit

/// The pack, as people who live by it know it: places, words for what is seen, and who does what.
struct Neighbourhood: Sendable {
    let pack: Pack
    private let areas: [CommunityID: MultiPolygon]

    /// - Throws: `NeighbourhoodFault` where the pack has no community or no category to play with.
    init(_ pack: Pack) throws {
        guard !pack.communities.isEmpty, !pack.categories.isEmpty else { throw NeighbourhoodFault.empty }
        self.pack = pack
        // An outline has the compact form of an area, so it is read by the one reader of that form.
        areas = try pack.communities.reduce(into: [:]) { areas, community in
            areas[community.id] = try ContractCoding.decode(
                MultiPolygon.self, from: try ContractCoding.encode(community.outline))
        }
    }

    /// A place in the community, anywhere.
    func place(in community: CommunityID, using generator: inout some RandomNumberGenerator) -> Location? {
        guard let area = areas[community] else { return nil }
        let box = area.boundingBox
        // A rectangle is at most some dozens of times its area; a sliver that is missed so often is given up.
        for _ in 0..<2_000 {
            let place = Place(
                latitudeE7: Int.random(in: Int(box.south)...Int(box.north), using: &generator),
                longitudeE7: Int.random(in: Int(box.west)...Int(box.east), using: &generator))
            if let place, area.contains(place) {
                return Location(latitudeE7: Int(place.latitudeE7), longitudeE7: Int(place.longitudeE7))
            }
        }
        return nil
    }

    /// A place some metres from another: what two people mean who see the same thing.
    func place(near place: Location, using generator: inout some RandomNumberGenerator) -> Location {
        Location(
            latitudeE7: place.latitudeE7 + Int.random(in: -900...900, using: &generator),
            longitudeE7: place.longitudeE7 + Int.random(in: -900...900, using: &generator))
    }

    /// Somebody of the pack with the role who may work in the community, those of the community itself first.
    func staff(_ role: Role, in community: CommunityID) -> CityClient.Person? {
        let able = pack.people.filter { $0.roles.contains(role.rawValue) }
        let found =
            able.first { $0.communityIds.contains(community) } ?? able.first { $0.communityIds.isEmpty } ?? able.first
        return found.map { CityClient.Person(id: $0.id.rawValue, role: role) }
    }

    /// A unit that could do the work of another, for a case that was given back: the one that all else goes to first.
    func unit(insteadOf unit: String?) -> String? {
        let staffed = Set(pack.people.compactMap(\.unitId))
        let candidates = (pack.routingRules.reversed().compactMap(\.unitId) + pack.units.map(\.id)).filter(
            staffed.contains)
        return (candidates.first { $0.rawValue != unit } ?? candidates.first)?.rawValue
    }

    /// What a rider may write on seeing something of the category.
    func words(for category: PackCategory, using generator: inout some RandomNumberGenerator) -> String {
        // The sentences are Chinese, so are the words wherever the pack has such.
        let chinese = category.keywords.filter { word in word.utf8.contains { $0 >= 0x80 } }
        let words = chinese.isEmpty ? category.keywords : chinese
        let thing = words.randomElement(using: &generator) ?? category.name
        let sentences =
            category.kind == .snapshot
            ? [
                "送餐路过，看到这里有\(thing)，麻烦处理一下。", "楼下\(thing)，好几天了没人管。", "小区门口\(thing)，大家都不方便。",
                "刚才路过发现\(thing)，请尽快来看看。", "这边\(thing)，晚上骑车很危险。",
            ]
            : [
                "想问一下\(thing)的事，能不能帮忙解决？", "关于\(thing)，希望社区能管一管。", "我们几个小哥都遇到\(thing)的问题，请帮帮忙。",
            ]
        return sentences.randomElement(using: &generator) ?? thing
    }
}

/// Why nobody can play in a pack.
enum NeighbourhoodFault: Error, CustomStringConvertible {
    case empty
    case noStaff(Role)

    var description: String {
        switch self {
        case .empty: "the pack has no communities or no categories: there is nothing to report"
        case .noStaff(let role): "the pack has no \(role.rawValue)"
        }
    }
}

/// Random numbers that can be had again from their seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
