import Contracts
import Hummingbird

/// A month's statement as a page to read and to print; it needs no script.
struct StatementPage: Sendable {
    private let view: StatementView
    private let utcOffsetMinutes: Int

    init(_ view: StatementView, utcOffsetMinutes: Int) {
        self.view = view
        self.utcOffsetMinutes = utcOffsetMinutes
    }

    var response: Response { StatementPaper(title: view.title, month: view.month, body: content).response }

    private var content: HTML {
        "\(view.accounts.isEmpty ? Self.nothing : HTML(view.accounts.map(section)))<footer>\(view.rule)</footer>"
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
        <tr><td>\(line.number)</td><td><time>\(StatementPaper.minute(of: line.at, utcOffsetMinutes: utcOffsetMinutes))</time></td>\
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
}
