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
        <link rel="stylesheet" href="/static/newest/statement.css">
        </head>
        <body>
        <header><h1>\(title)</h1><p>\(month) 月度对账单 <small lang="en">monthly statement</small></p></header>
        <main>\(body)</main>
        </body>
        </html>
        """
    }
}
