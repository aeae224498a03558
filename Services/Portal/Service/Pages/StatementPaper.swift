import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The sheet that a month's statement is printed on; it needs no script.
struct StatementPaper: Sendable {
    let title: String
    let month: String
    let body: HTML

    var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentSecurityPolicy:
                    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
            ], body: .init(byteBuffer: ByteBuffer(string: document.text)))
    }

    /// As the wall clock shows it, such as `2026-11-23 08:15`.
    static func minute(of time: Timestamp, utcOffsetMinutes: Int) -> String {
        let local = time.adding(milliseconds: Int64(utcOffsetMinutes) * 60_000).description
        return String(local.prefix(16)).replacing("T", with: " ")
    }

    private var document: HTML {
        """
        <!doctype html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) · \(month) 对账单</title>
        <link rel="stylesheet" href="/assets/statement.css">
        </head>
        <body>
        <header><h1>\(title)</h1><p>\(month) 月度对账单 <small lang="en">monthly statement</small></p></header>
        <main>\(body)</main>
        </body>
        </html>
        """
    }

    static let style = """
        :root { color-scheme: light; --ink: #1c2733; --soft: #5b6b7b; --line: #dfe5eb; --plus: #0a7a45; --minus: #b3261e; }
        * { box-sizing: border-box; }
        body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: var(--ink); max-width: 60rem; margin: 0 auto;
          padding: 1.5rem 1rem 3rem; }
        h1 { margin: 0; font-size: 1.6rem; } header p { margin: 0 0 1.5rem; color: var(--soft); }
        small { color: var(--soft); font-size: .8em; font-weight: 400; }
        section { border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; margin-bottom: 1.25rem; }
        h2 { font-size: 1.05rem; margin: 0 0 .75rem; } code { color: var(--soft); font-size: .85em; }
        dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0 0 1rem; } dl div { min-width: 6rem; }
        dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
        table { width: 100%; border-collapse: collapse; font-size: .92rem; }
        th, td { text-align: left; padding: .4rem .5rem; border-top: 1px solid var(--line); vertical-align: top; }
        th { color: var(--soft); font-weight: 500; border-top: 0; } .n { text-align: right; white-space: nowrap;
          font-variant-numeric: tabular-nums; } time { white-space: nowrap; }
        .plus { color: var(--plus); } .minus { color: var(--minus); } .empty { color: var(--soft); }
        footer { color: var(--soft); font-size: .85rem; }
        @media (max-width: 40rem) { th:last-child, td:last-child, th:first-child, td:first-child { display: none; } }
        @media print { body { padding: 0; max-width: none; } section { break-inside: avoid; } }
        """
}
