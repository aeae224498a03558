package import Contracts

/// By what two reports or cases are taken for one problem.
package struct MatchRules: Sendable, Equatable {
    /// From this score on a report joins by itself, if it is under the same category.
    package let certain: Int
    /// From this score on a dispatcher is asked.
    package let doubtful: Int
    /// Only closer than this, in whole centimetres, are two looked at.
    package let reach: Int
    /// Only so many milliseconds apart are two looked at; nil for however long.
    package let span: Int64?
    /// What becomes of a report of a problem that was closed; nil where closed cases are not looked at.
    package let closed: PackMatching.Closed?
    /// How long after closing a case counts, in milliseconds.
    package let closedWindow: Int64
    /// Whether time, photos and reporters count, too.
    package let weighsAll: Bool

    /// No score reaches it.
    static let never = 1_001

    private static let day: Int64 = 86_400_000

    package init(_ pack: Pack) {
        closedWindow = Int64(pack.loop?.reopenDays ?? 15) * Self.day
        guard let matching = pack.matching else {
            // Nearness alone: whatever is under the same category within reach has the points of the category.
            certain = MatchWeight.sameCategory
            doubtful = Self.never
            reach = pack.mergeDistance
            span = nil
            closed = nil
            weighsAll = false
            return
        }
        certain = matching.certain
        doubtful = matching.doubtful
        reach = matching.reach
        span = Int64(matching.days) * Self.day
        closed = matching.closed ?? .link
        weighsAll = true
    }

    /// The most that photos and the reporter can add to what place, category and time give.
    var mostBesides: Int { weighsAll ? MatchWeight.photo + MatchWeight.reporter : 0 }

    /// What such a score means.
    package func verdict(_ likeness: Likeness, score: Int) -> MatchVerdict {
        guard isWithin(likeness) else { return .different }
        if likeness.kinship == .same, score >= certain { return .certain }
        return score >= min(doubtful, certain) && doubtful < Self.never ? .doubtful : .different
    }

    /// Whether the two are near enough in place and time to be looked at.
    func isWithin(_ likeness: Likeness) -> Bool {
        likeness.distance < reach && span.map { likeness.apart <= $0 } ?? true
    }
}

/// What a score means.
package enum MatchVerdict: Sendable, Equatable {
    case certain
    case doubtful
    case different
}

/// The most points of each thing that counts: a thousand together.
package enum MatchWeight {
    package static let distance = 400
    package static let sameCategory = 300
    package static let alikeCategory = 150
    package static let time = 100
    package static let photo = 150
    package static let reporter = 50
}

/// What two reports or cases have in common.
///
/// It is the same whichever of the two comes first.
package struct Likeness: Sendable, Equatable {
    /// In whole centimetres.
    package let distance: Int
    package let kinship: Kinship
    /// Milliseconds between the two.
    package let apart: Int64
    /// In how many of 64 bits the most alike of their photos differ; nil where one has none.
    package let look: Int?
    package let sameReporter: Bool

    /// How close two categories are.
    package enum Kinship: Sendable, Equatable, CaseIterable {
        case same
        /// Of one group, such as E0102 and E0103.
        case alike
        case other
    }

    package init(distance: Int, kinship: Kinship, apart: Int64, look: Int? = nil, sameReporter: Bool = false) {
        self.distance = distance
        self.kinship = kinship
        self.apart = apart
        self.look = look
        self.sameReporter = sameReporter
    }

    /// The score of the two, with what counted in words.
    package func match(by rules: MatchRules) -> CaseMatch {
        let counted = [
            distancePoints(rules.reach), categoryPoints, timePoints(rules), photoPoints(rules), reporterPoints(rules),
        ].compactMap(\.self).filter { $0.points > 0 }
        return CaseMatch(score: counted.reduce(0) { $0 + $1.points }, reasons: counted.map(\.words))
    }
}

/// Something that counts, with its points.
private struct Counted {
    let points: Int
    let chinese: String
    let english: String

    var words: String { "\(chinese) +\(points) / \(english) +\(points)" }
}

extension Likeness {
    /// From all of the points at the same place in a straight line to none at the end of the reach.
    private func distancePoints(_ reach: Int) -> Counted? {
        guard reach > 0, distance < reach else { return nil }
        let metres = distance / 100
        return Counted(
            points: MatchWeight.distance * (reach - distance) / reach, chinese: "距离 \(metres) 米",
            english: "\(metres) m apart")
    }

    private var categoryPoints: Counted? {
        switch kinship {
        case .same: Counted(points: MatchWeight.sameCategory, chinese: "类别相同", english: "same category")
        case .alike: Counted(points: MatchWeight.alikeCategory, chinese: "类别相近", english: "related category")
        case .other: nil
        }
    }

    private func timePoints(_ rules: MatchRules) -> Counted? {
        guard let span = rules.span, apart < span else { return nil }
        let hours = apart / 3_600_000
        let (chinese, english) = hours < 48 ? ("\(hours) 小时", "\(hours) h") : ("\(hours / 24) 天", "\(hours / 24) days")
        return Counted(
            points: Int(Int64(MatchWeight.time) * (span - apart) / span), chinese: "相隔 \(chinese)",
            english: "\(english) apart")
    }

    /// The whole of it for what is surely one photo, less for each bit more, and nothing where chance would do as well.
    private func photoPoints(_ rules: MatchRules) -> Counted? {
        guard rules.weighsAll, let look, look <= PhotoLook.mostAlike else { return nil }
        guard look > PhotoLook.mostSame else {
            return Counted(points: MatchWeight.photo, chinese: "照片相同", english: "same photo")
        }
        return Counted(
            points: MatchWeight.photo - 20 * (look - PhotoLook.mostSame), chinese: "照片相似", english: "photos alike")
    }

    private func reporterPoints(_ rules: MatchRules) -> Counted? {
        guard rules.weighsAll, sameReporter else { return nil }
        return Counted(points: MatchWeight.reporter, chinese: "同一上报人", english: "same reporter")
    }
}

extension CategoryCode {
    /// The group that a code belongs to: its letters and the two digits behind them, such as E01 of E0102.
    ///
    /// A code that is not made so is a group of its own.
    package var group: String {
        let bytes = Array(rawValue.utf8)
        let letters = bytes.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let digits = bytes.dropFirst(letters.count)
        guard !letters.isEmpty, digits.count > 2,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return rawValue }
        return String(decoding: bytes.prefix(letters.count + 2), as: UTF8.self)
    }

    package func kinship(with other: CategoryCode) -> Likeness.Kinship {
        if self == other { return .same }
        return group == other.group ? .alike : .other
    }
}
