import Contracts
import GRDB

/// Finds cases by words, in a bounded time however common the words are.
///
/// Rare words are looked up and their cases filtered; common ones are checked on the cases that the filter finds, of which
/// the first few will have them. Only where both are common and yet hardly meet are all cases with the words gathered.
struct CaseTextSearch {
    /// A word of more cases than this is a common one.
    static let rare = 20_000
    /// So many cases are checked for a common word, one by one.
    static let checked = 5_000

    private let terms: SearchTerms
    private let columns: [String]
    /// The names of somebody who looks through their own cases; of these they may search everything that they wrote.
    private let author: [String]
    private let isOfOnePerson: Bool

    init(_ terms: SearchTerms, _ filter: CaseFilter) {
        self.terms = terms
        columns = filter.searchesHidden ? Self.all : Self.open
        author = filter.searchesHidden ? [] : filter.reporter
        isOfOnePerson = !filter.reporter.isEmpty
    }

    private static let open = ["number", "words"]
    private static let all = open + ["request", "address"]

    func places(_ walk: CaseWalk, limit: Int, in db: Database) throws -> [Int64] {
        if isOfOnePerson { return try check(walk, of: nil, limit: limit, in: db).places }
        guard try isCommon(in: db) else { return try lookUp(walk, limit: limit, in: db) }
        let (places, isWhole) = try check(walk, of: Self.checked, limit: limit, in: db)
        return isWhole || places.count >= limit ? places : try gather(walk, limit: limit, in: db)
    }

    private func isCommon(in db: Database) throws -> Bool {
        let found = try Int.fetchOne(
            db, sql: "SELECT COUNT(*) FROM (SELECT 1 FROM caseText WHERE caseText MATCH ? LIMIT ?)",
            arguments: [terms.match(in: columns), Self.rare + 1])
        return (found ?? 0) > Self.rare
    }

    /// Begins with the words.
    private func lookUp(_ walk: CaseWalk, limit: Int, in db: Database) throws -> [Int64] {
        var conditions = Conditions()
        conditions.append(sql: "caseText MATCH ?", arguments: [terms.match(in: columns)])
        conditions.append(walk.conditions)
        return try Int64.fetchAll(
            db,
            sql: """
                SELECT place FROM caseText CROSS JOIN caseFacet ON place = caseText.rowid \(conditions.whereClause)
                ORDER BY \(walk.order.replacing("place", with: "caseText.rowid")) LIMIT ?
                """,
            arguments: conditions.arguments + [limit])
    }

    /// Begins with the filter, and looks at the words of up to `most` cases; whether these were all that fit it.
    private func check(
        _ walk: CaseWalk, of most: Int?, limit: Int, in db: Database
    ) throws -> (places: [Int64], isWhole: Bool) {
        let candidates = try walk.places(limit: most ?? -1, in: db)
        let fits = try db.cachedStatement(sql: "SELECT 1 FROM caseWords WHERE place = ? AND \(fitting)")
        let arguments = try arguments
        var places: [Int64] = []
        for place in candidates where places.count < limit {
            if try Int.fetchOne(fits, arguments: [place] + arguments) != nil { places.append(place) }
        }
        return (places, most.map { candidates.count < $0 } ?? true)
    }

    private func gather(_ walk: CaseWalk, limit: Int, in db: Database) throws -> [Int64] {
        var walk = walk
        walk.conditions.append(
            sql: "place IN (SELECT rowid FROM caseText WHERE caseText MATCH ?)",
            arguments: [terms.match(in: columns)])
        return try walk.places(limit: limit, in: db)
    }

    /// The same question as to FTS5, about one row of the pieces.
    private var fitting: String {
        guard !author.isEmpty else { return Self.fitting(terms, columns) }
        return """
            (\(Self.fitting(terms, Self.open)) OR (\(Self.fitting(terms, Self.all)) AND EXISTS (
                SELECT 1 FROM caseReporter JOIN caseState USING (caseId)
                WHERE caseState.place = caseWords.place AND isOpener
                    AND personId IN (SELECT value FROM json_each(?)))))
            """
    }

    private var arguments: StatementArguments {
        get throws {
            guard !author.isEmpty else { return Self.arguments(terms, columns) }
            return Self.arguments(terms, Self.open) + Self.arguments(terms, Self.all)
                + [try ContractCoding.text(author)]
        }
    }

    private static func fitting(_ terms: SearchTerms, _ columns: [String]) -> String {
        let anywhere = columns.map { "instr(' ' || \($0) || ' ', ?)" }.joined(separator: " OR ")
        return terms.phrases.map { _ in "(\(anywhere))" }.joined(separator: " AND ")
    }

    private static func arguments(_ terms: SearchTerms, _ columns: [String]) -> StatementArguments {
        StatementArguments(
            terms.phrases.flatMap { phrase in
                let pieces = " " + phrase.pieces.joined(separator: " ") + (phrase.endsOpen ? "" : " ")
                return columns.map { _ in pieces }
            })
    }
}
