import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// A month's statement as a page to read and to print; it needs no script.
struct StatementPage: Sendable {
    private let view: StatementView

    init(_ view: StatementView) {
        self.view = view
    }

    var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentSecurityPolicy:
                    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
            ], body: .init(byteBuffer: ByteBuffer(string: document.text)))
    }

    var document: HTML {
        """
        <!doctype html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(view.title) · \(view.month) 对账单</title>
        <link rel="stylesheet" href="/assets/statement.css">
        </head>
        <body>
        <header><h1>\(view.title)</h1><p>\(view.month) 月度对账单 <small lang="en">monthly statement</small></p></header>
        <main>\(view.accounts.isEmpty ? Self.nothing : HTML(view.accounts.map(section)))</main>
        <footer>\(view.rule)</footer>
        </body>
        </html>
        """
    }

    private static let nothing: HTML = "<p class=\"empty\">本月没有积分变动 <small lang=\"en\">nothing moved</small></p>"

    private func section(_ account: StatementView.Account) -> HTML {
        """
        <section>
        <h2>\(Self.name(of: account.accountId)) <code>\(account.accountId.rawValue)</code></h2>
        <dl><div><dt>期初 <small lang="en">opening</small></dt><dd>\(account.opening)</dd></div>\
        <div><dt>收入 <small lang="en">in</small></dt><dd class="plus">+\(account.credits)</dd></div>\
        <div><dt>支出 <small lang="en">out</small></dt><dd class="minus">−\(account.debits)</dd></div>\
        <div><dt>期末 <small lang="en">closing</small></dt><dd>\(account.closing)</dd></div></dl>
        \(account.lines.isEmpty ? Self.nothing : table(account))
        </section>
        """
    }

    private func table(_ account: StatementView.Account) -> HTML {
        """
        <table><thead><tr><th>#</th><th>时间</th><th>事由</th><th class="n">变动</th><th class="n">余额</th>\
        <th>哈希</th></tr></thead>
        <tbody>\(account.lines.map(row))</tbody></table>
        """
    }

    private func row(_ line: PostingLine) -> HTML {
        """
        <tr><td>\(line.number)</td><td><time>\(String(line.at.description.prefix(16)).replacing("T", with: " "))</time></td>\
        <td>\(line.explanation)</td><td class="n \(line.amount < 0 ? "minus" : "plus")">\
        \(line.amount < 0 ? "−\(-line.amount)" : "+\(line.amount)")</td><td class="n">\(line.balance)</td>\
        <td><code title="\(line.hash)">\(String(line.hash.prefix(8)))</code></td></tr>
        """
    }

    private static func name(of account: AccountID) -> String {
        switch AccountKind(rawValue: String(account.rawValue.prefix { $0 != ":" })) {
        case .funder: "出资 funder"
        case .issued: "待分配 to be given"
        case .pending: "待发 pending"
        case .available: "可用 available"
        case .held: "预留 held"
        case .expired: "过期 expired"
        case .prizes: "已兑换 spent"
        case nil: "账户 account"
        }
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
