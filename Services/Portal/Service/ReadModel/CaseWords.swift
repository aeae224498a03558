import Contracts
import GRDB

/// The words of cases, cut for searching, and the index over them.
///
/// The index is SQLite's FTS5. Its own trigrams would not find 垃圾 or 电梯: most Chinese words have two characters. So the
/// text is cut here (`SearchTerms`), and FTS5 only keeps the pieces.
enum CaseWords {
    /// Everybody may search the number and the words of a snapshot 随手拍; the words of a request and the address are for
    /// those who may read them.
    static let schema = """
        CREATE TABLE caseWords (
            place INTEGER NOT NULL PRIMARY KEY, number TEXT NOT NULL, words TEXT NOT NULL, request TEXT NOT NULL,
            address TEXT NOT NULL
        );
        CREATE VIRTUAL TABLE caseText USING fts5(
            number, words, request, address, content='caseWords', content_rowid='place', columnsize=0, prefix='1',
            tokenize='ascii'
        );
        CREATE TRIGGER caseWordsCame AFTER INSERT ON caseWords BEGIN
            INSERT INTO caseText (rowid, number, words, request, address)
            VALUES (new.place, new.number, new.words, new.request, new.address);
        END;
        CREATE TRIGGER caseWordsWent AFTER DELETE ON caseWords BEGIN
            INSERT INTO caseText (caseText, rowid, number, words, request, address)
            VALUES ('delete', old.place, old.number, old.words, old.request, old.address);
        END;
        CREATE TRIGGER caseWordsChanged AFTER UPDATE ON caseWords BEGIN
            INSERT INTO caseText (caseText, rowid, number, words, request, address)
            VALUES ('delete', old.place, old.number, old.words, old.request, old.address);
            INSERT INTO caseText (rowid, number, words, request, address)
            VALUES (new.place, new.number, new.words, new.request, new.address);
        END;
        """

    static func keep(_ state: CaseState, at place: Int64, in db: Database) throws {
        let words = SearchTerms.indexed(state.description)
        let isRequest = state.kind == .request
        try db.cachedStatement(
            sql: """
                INSERT INTO caseWords (place, number, words, request, address) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (place) DO UPDATE SET number = excluded.number, words = excluded.words,
                    request = excluded.request, address = excluded.address
                """
        ).execute(arguments: [
            place, SearchTerms.indexed(state.caseNumber), isRequest ? "" : words, isRequest ? words : "",
            SearchTerms.indexed(state.address ?? ""),
        ])
    }
}
