import Contracts
import Hummingbird

/// A station's month as a page to read and to print.
struct StationPage: Sendable {
    private let view: StationStatementView
    private let utcOffsetMinutes: Int

    init(_ view: StationStatementView, utcOffsetMinutes: Int) {
        self.view = view
        self.utcOffsetMinutes = utcOffsetMinutes
    }

    var response: Response { StatementPaper(title: view.name, month: view.month, body: content).response }

    private var content: HTML {
        """
        <section>
        <dl><div><dt>发放 <small lang="en">handed over</small></dt><dd>\(view.pointsHandedOver) 分</dd></div>\
        <div><dt>笔数 <small lang="en">entries</small></dt><dd>\(view.lines.count)</dd></div></dl>
        \(view.lines.isEmpty ? "<p class=\"empty\">本月没有进出 <small lang=\"en\">nothing moved</small></p>" : table)
        </section>
        """
    }

    private var table: HTML {
        """
        <table><thead><tr><th></th><th>时间</th><th>事由</th><th>奖品</th><th class="n">数量</th><th class="n">增减</th><th></th></tr></thead>
        <tbody>\(view.lines.map(row))</tbody></table>
        """
    }

    private func row(_ line: StationStatementView.Line) -> HTML {
        let change = line.change ?? 0
        return """
            <tr><td></td><td><time>\(StatementPaper.minute(of: line.at, utcOffsetMinutes: utcOffsetMinutes))</time></td>\
            <td>\(Self.words(for: line.type))\(line.reason.map { "：\($0)" } ?? "")</td><td>\(line.prizeId.rawValue)</td>\
            <td class="n">\(line.count)</td><td class="n \(change < 0 ? "minus" : "plus")">\
            \(line.change == nil ? "" : change < 0 ? "−\(-change)" : "+\(change)")</td><td></td></tr>
            """
    }

    private static func words(for type: String) -> String {
        switch type {
        case "stock.delivered": "入库 delivered"
        case "stock.counted": "盘点 counted"
        case "stock.written-off": "报损 written off"
        case OrderChanged.Step.placed.rawValue: "下单 ordered"
        case OrderChanged.Step.handedOver.rawValue: "发放 handed over"
        case OrderChanged.Step.outOfStock.rawValue: "缺货 out of stock"
        case OrderChanged.Step.cancelled.rawValue: "取消 cancelled"
        case OrderChanged.Step.expired.rawValue: "逾期未领 expired"
        case OrderChanged.Step.takenBack.rawValue: "退货 taken back"
        default: type
        }
    }
}
