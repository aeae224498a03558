import Contracts

/// The live board as HTML.
///
/// Complete without a script; the script only fetches ``live`` again when something happened.
struct BoardPage: Sendable {
    private let view: BoardView
    private let pack: Pack?
    private let names: ReferenceNames
    private let time: LocalTime
    private let now: Timestamp

    init(_ figures: BoardFigures, at now: Timestamp) {
        view = BoardView(figures)
        pack = figures.pack
        names = ReferenceNames(figures.pack)
        time = LocalTime(figures.pack)
        self.now = now
    }

    var document: HTML {
        """
        <!doctype html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="color-scheme" content="dark light">
        <meta name="description" content="社区问题随手拍：上报、立案、派遣、处置、核查、结案，实时公开。">
        <title>随手拍 · 实时看板</title>
        <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
        <link rel="stylesheet" href="/assets/board.css">
        <script src="/assets/board.js" defer></script>
        </head>
        <body data-offset="\(time.offsetMinutes)">
        <header class="top">
          <span class="brand"><span class="mark" aria-hidden="true"></span>随手拍<small lang="en">Suishoupai</small></span>
          <h1>\(view.title ?? "社区治理")<span class="sub">实时看板 <small lang="en">live board</small></span></h1>
          <p class="state" id="state" data-state="static" role="status"><i></i><span>静态快照 <small lang="en">\
        snapshot</small></span></p>
          <time class="clock" id="clock"><b>\(time.clock(now))</b><small>\(time.day(now))</small></time>
        </header>
        <main id="live">\(live)</main>
        </body>
        </html>
        """
    }

    /// The part that changes.
    var live: HTML {
        """
        <section class="counters" aria-label="概况">\(counters)</section>
        <div class="body">
        <section class="columns" aria-label="案件流转" tabindex="0">\(view.columns.map(column))</section>
        <aside class="side">
        <section class="map panel"><h2>社区分布 <small lang="en">Communities</small></h2>\
        \(BoardMap(view: view, pack: pack).svg)\(legend)</section>
        <section class="steps panel"><h2>最新动态 <small lang="en">Latest steps</small></h2>\(steps)</section>
        </aside>
        </div>
        """
    }

    private var counters: [HTML] {
        let counters = view.counters
        return [
            counter("处理中", "Open", counters.open, tone: "filed"),
            counter("超时", "Overdue", counters.overdue, tone: counters.overdue > 0 ? "overdue" : "calm"),
            counter("今日上报", "Reported today", counters.openedToday, tone: "opened"),
            counter("今日结案", "Closed today", counters.closedToday, tone: "closed"),
            counter("已发积分", "Points paid", counters.pointsPaid, tone: "points"),
        ]
    }

    private func counter(_ chinese: String, _ english: String, _ value: Int, tone: String) -> HTML {
        """
        <div class="counter" data-tone="\(tone)"><b data-count="\(english)">\(value)</b>\
        <span>\(chinese)<small lang="en">\(english)</small></span></div>
        """
    }

    private func column(_ column: BoardView.Column) -> HTML {
        let label = column.stage.label
        let rest = column.count - column.cases.count
        let more: HTML = rest > 0 ? "<li class=\"more\">另有 \(rest) 件 <small lang=\"en\">more</small></li>" : ""
        let cards = column.cases.map { card($0, column.stage) }
        let today: HTML = column.stage == .closed ? "<em>今日</em>" : ""
        let empty: HTML = cards.isEmpty ? "<li class=\"none\">暂无 <small lang=\"en\">none</small></li>" : ""
        return """
            <section class="column" data-tone="\(column.stage.rawValue)">\
            <h2><span>\(label.chinese)<small lang="en">\(label.english)</small></span>\(today)<b>\(column.count)</b></h2>\
            <ol>\(cards)\(empty)\(more)</ol></section>
            """
    }

    private func card(_ card: BoardView.Card, _ stage: CaseStage) -> HTML {
        let isLate = card.isOverdue && stage.isOpen
        let late: HTML = isLate ? "<mark>超时 <small lang=\"en\">overdue</small></mark>" : ""
        let many: HTML = card.reporters > 1 ? "<span class=\"many\">\(card.reporters) 人上报</span>" : ""
        return """
            <li class="card" data-key="\(card.caseNumber)" data-stage="\(stage.rawValue)">\
            <strong>\(card.categoryName)</strong>\(late)\
            <span class="where">\(card.community)\(many)</span>\
            <span class="line"><code>\(card.caseNumber)</code>\
            <time datetime="\(card.since.description)">\(time.short(card.since, now: now))</time></span></li>
            """
    }

    private var steps: HTML {
        guard !view.steps.isEmpty else {
            return "<p class=\"none\">还没有动态，等待第一条上报。<small lang=\"en\">Waiting for the first report.</small></p>"
        }
        return "<ol>\(view.steps.map(step))</ol>"
    }

    private func step(_ step: PublicStep) -> HTML {
        let label = StepWords.label(step.type)
        let category = names.category(step.category)?.name ?? step.category.rawValue
        return """
            <li data-step="\(step.caseNumber)/\(step.type)/\(step.at.description)" \
            data-tone="\(StepWords.tone(step.type))"><i aria-hidden="true"></i>\
            <time datetime="\(step.at.description)">\(time.short(step.at, now: now))</time>\
            <span><b>\(label.chinese)</b> <small lang="en">\(label.english)</small> \
            <span class="what">\(category) · \(names.community(step.communityId))</span></span>\
            <code>\(step.caseNumber)</code></li>
            """
    }

    private var legend: HTML {
        let stages = BoardStages.shown.filter(\.isOpen).map { stage -> HTML in
            "<span data-tone=\"\(stage.rawValue)\"><i></i>\(stage.label.chinese)</span>"
        }
        return "<p class=\"legend\">\(stages)<span data-tone=\"overdue\"><i></i>超时</span></p>"
    }
}
