package import Contracts

/// What the rules of a pack may name, by ids and by what people call it.
///
/// Nil stands for a list that could not be read: then any name is taken for an id, so that nothing is called unknown for it.
package struct RuleNames: Sendable {
    /// Something with an id and names.
    package struct Named: Sendable {
        package let id: String
        package let names: [String]

        package init(id: String, names: [String]) {
            self.id = id
            self.names = names
        }
    }

    let categories: [Named]?
    let communities: [Named]?
    let compounds: [Named]?
    let units: [Named]?
    let grids: [Named]?

    package init(
        categories: [PackCategory]?, communities: [(id: CommunityID, name: String)]?,
        compounds: [(id: String, name: String)]?, units: [PackUnit]?, grids: [(id: GridID, name: String)]? = []
    ) {
        self.categories = categories?.map {
            Named(id: $0.code.rawValue, names: [$0.name, $0.englishName, withoutRemark($0.name)])
        }
        self.communities = communities.map { known in
            known.map { Named(id: $0.id.rawValue, names: [$0.name, without("社区", $0.name)]) }
                + [Named(id: CommunityID.unassigned.rawValue, names: [])]
        }
        self.compounds = compounds?.map { Named(id: $0.id, names: [$0.name, without("小区", $0.name)]) }
        self.units = units?.map { Named(id: $0.id.rawValue, names: [$0.name]) }
        self.grids = grids?.map { Named(id: $0.id.rawValue, names: [$0.name]) }
    }

    package init(_ pack: Pack) {
        self.init(
            categories: pack.categories, communities: pack.communities.map { ($0.id, $0.name) },
            compounds: (pack.compounds ?? []).map { ($0.id, $0.name) }, units: pack.units,
            grids: (pack.grids ?? []).map { ($0.id, $0.name) })
    }

    /// The codes that a word such as `E0102`, `S*` or `暴露垃圾` means; none where it is unknown.
    package func categories(called word: String) -> [CategoryCode] {
        guard let categories else { return [CategoryCode(word)] }
        guard word.hasSuffix("*") else { return find(word, in: categories).map { CategoryCode($0) } }
        return categories.filter { $0.id.hasPrefix(word.dropLast()) }.map { CategoryCode($0.id) }
    }

    /// The ids that a word means: an id before a name.
    func find(_ word: String, in list: [Named]?) -> [String] {
        guard let list else { return [word] }
        if list.contains(where: { $0.id == word }) { return [word] }
        let folded = word.lowercased()
        return list.filter { named in named.names.contains { $0.lowercased() == folded } }.map(\.id)
    }
}

/// 暴露垃圾（生活垃圾暴露） → 暴露垃圾.
private func withoutRemark(_ name: String) -> String {
    name.firstIndex { $0 == "（" || $0 == "(" }.map { String(name[..<$0]) } ?? name
}

/// 名都社区 → 名都.
private func without(_ ending: String, _ name: String) -> String {
    name.hasSuffix(ending) && name != ending ? String(name.dropLast(ending.count)) : name
}
