/// The style of the board: dark for a wall, light for a phone in the sun where its owner likes that.
enum BoardStyle {
    static let text = colours + frame + columns + side + small

    private static let colours = """
        :root {
          --ground: #0b1420; --panel: #121f30; --card: #1a2a3f; --line: #25384f; --text: #eef4fb; --dim: #9db0c6;
          --opened: #ffc14d; --filed: #5cabff; --dispatched: #b79bff; --handled: #35d6c3; --closed: #5fd97f;
          --overdue: #ff6b63; --points: #ff9f6b; --area: #1c3047; --border: #3f5d80;
        }
        @media (prefers-color-scheme: light) and (max-width: 760px) {
          :root {
            --ground: #f3f5f8; --panel: #ffffff; --card: #ffffff; --line: #dde3ea; --text: #16202b; --dim: #5b6b7c;
            --opened: #b27700; --filed: #1766c2; --dispatched: #6a45c9; --handled: #087f72; --closed: #1d7f3b;
            --overdue: #c7251d; --points: #b4531b; --area: #e6edf5; --border: #9fb4cb;
          }
        }
        [data-tone="opened"] { --tone: var(--opened); }
        [data-tone="filed"] { --tone: var(--filed); }
        [data-tone="dispatched"] { --tone: var(--dispatched); }
        [data-tone="handled"] { --tone: var(--handled); }
        [data-tone="closed"] { --tone: var(--closed); }
        [data-tone="overdue"] { --tone: var(--overdue); }
        [data-tone="points"] { --tone: var(--points); }
        [data-tone="calm"], [data-tone="refused"], [data-tone="transferred"],
        [data-tone="cancelled"] { --tone: var(--dim); }

        """

    private static let frame = """
        * { box-sizing: border-box; margin: 0; }
        html { font-size: clamp(14px, .42vw + 9.5px, 26px); }
        body {
          background: var(--ground); color: var(--text); min-height: 100vh; line-height: 1.35;
          font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif;
          display: flex; flex-direction: column; -webkit-text-size-adjust: 100%;
        }
        small { font-size: .72em; font-weight: 400; color: var(--dim); }
        code, time, b { font-variant-numeric: tabular-nums; }
        code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .76em; }
        ol { list-style: none; padding: 0; }
        .top { display: flex; align-items: center; gap: 1rem; padding: .7rem 1.2rem; border-bottom: 1px solid var(--line); }
        .brand { display: flex; align-items: center; gap: .5rem; font-size: 1.5rem; font-weight: 800; letter-spacing: .06em; }
        .brand small { letter-spacing: 0; }
        .mark { width: 1.9rem; height: 1.9rem; background: url(/assets/icon.svg) center / contain no-repeat; }
        h1 { font-size: 1.15rem; font-weight: 600; flex: 1; border-left: 1px solid var(--line); padding-left: 1rem; }
        h1 .sub { color: var(--dim); font-weight: 400; margin-left: .7rem; white-space: nowrap; }
        .state { display: flex; align-items: center; gap: .45rem; color: var(--dim); white-space: nowrap; }
        .state i { width: .65rem; height: .65rem; border-radius: 50%; background: var(--dim); }
        .state[data-state="live"] i { background: var(--closed); animation: pulse 2s infinite; }
        .state[data-state="lost"] i { background: var(--overdue); }
        .clock { text-align: right; }
        .clock b { display: block; font-size: 1.5rem; line-height: 1; }
        main { flex: 1; min-height: 0; display: flex; flex-direction: column; gap: .8rem; padding: .8rem 1.2rem 1rem; }
        .counters { display: grid; grid-template-columns: repeat(5, 1fr); gap: .8rem; }
        .counter {
          background: var(--panel); border: 1px solid var(--line); border-left: .35rem solid var(--tone);
          border-radius: .7rem; padding: .55rem 1rem; display: flex; align-items: center; gap: .9rem;
        }
        .counter b { font-size: 2.7rem; line-height: 1.05; color: var(--tone); }
        .counter span { font-size: 1.1rem; }
        .counter small { display: block; }
        .body { flex: 1; min-height: 0; display: grid; grid-template-columns: 1fr minmax(20rem, 26%); gap: .8rem; }
        .panel { background: var(--panel); border: 1px solid var(--line); border-radius: .7rem; padding: .7rem .9rem; }
        .panel h2 { font-size: 1rem; font-weight: 600; margin-bottom: .4rem; }
        .none { color: var(--dim); padding: .6rem 0; }
        .fresh { animation: fresh 4s ease-out; }
        @keyframes fresh { 0%, 25% { background-color: color-mix(in srgb, var(--tone, var(--points)) 38%, transparent); } }
        @keyframes pulse { 50% { opacity: .35; } }
        @media (prefers-reduced-motion: reduce) { * { animation: none !important; } }

        """

    private static let columns = """
        .columns { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: .6rem; min-height: 0; }
        .column {
          background: var(--panel); border: 1px solid var(--line); border-top: .28rem solid var(--tone);
          border-radius: .7rem; display: flex; flex-direction: column; min-height: 0; overflow: hidden;
        }
        .column h2 { display: flex; align-items: center; gap: .5rem; padding: .5rem .8rem; font-size: 1.15rem; }
        .column h2 span { flex: 1; }
        .column h2 small { display: block; }
        .column h2 em { font-style: normal; font-size: .75rem; color: var(--dim); font-weight: 400; }
        .column h2 b { font-size: 1.7rem; color: var(--tone); line-height: 1; }
        .column ol { padding: 0 .5rem .5rem; display: flex; flex-direction: column; gap: .45rem; overflow: hidden; }
        .card {
          background-color: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .65rem;
          display: flex; flex-wrap: wrap; align-items: center; gap: .1rem .5rem; flex: none;
        }
        .card strong { font-size: 1rem; font-weight: 600; flex: 1; min-width: 60%; }
        .card mark {
          background: var(--overdue); color: #fff; border-radius: .3rem; padding: 0 .35rem; font-size: .78rem;
          white-space: nowrap;
        }
        .card mark small { display: none; }
        .card .where { flex: 1 0 100%; color: var(--dim); font-size: .86rem; display: flex; justify-content: space-between; }
        .card .many { color: var(--points); }
        .card .line { flex: 1 0 100%; display: flex; justify-content: space-between; gap: .4rem; color: var(--dim); }
        .card .line time { font-size: .8rem; white-space: nowrap; }
        .column .more, .column .none { color: var(--dim); font-size: .86rem; padding: .2rem .4rem; }

        """

    private static let side = """
        .side { display: flex; flex-direction: column; gap: .8rem; min-height: 0; }
        .map { flex: none; }
        .map svg { display: block; width: 100%; max-height: 34vh; }
        .area { fill: var(--area); stroke: var(--border); stroke-width: 3; stroke-linejoin: round; }
        .map text { text-anchor: middle; fill: var(--text); font-size: 36px; font-weight: 600; paint-order: stroke;
          stroke: var(--panel); stroke-width: 7px; stroke-linejoin: round; }
        .map text.open { font-size: 28px; font-weight: 400; fill: var(--dim); }
        .map circle { fill: var(--tone); fill-opacity: .85; stroke: var(--panel); stroke-width: 3; }
        .map circle[data-tone="overdue"] { animation: pulse 2s infinite; }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem .8rem; font-size: .8rem; color: var(--dim); margin-top: .4rem; }
        .legend i, .steps li i { display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; background: var(--tone); }
        .legend i { margin-right: .3rem; }
        .steps { flex: 1; min-height: 8rem; overflow: hidden; }
        .steps li {
          display: grid; grid-template-columns: auto auto 1fr auto; align-items: baseline; gap: .5rem;
          padding: .3rem .2rem; border-bottom: 1px solid var(--line); font-size: .92rem;
        }
        .steps li i { align-self: center; }
        .steps li time { color: var(--dim); font-size: .82rem; }
        .steps li b { color: var(--tone); font-weight: 600; }
        .steps .what { display: block; color: var(--dim); font-size: .86em; }
        .steps code { color: var(--dim); }

        """

    private static let small = """
        @media (min-width: 1100px) { body { height: 100vh; overflow: hidden; } }
        @media (max-width: 1099px) {
          .body { grid-template-columns: 1fr; }
          .side { display: grid; grid-template-columns: 1fr 1fr; align-items: start; }
          .map svg { max-height: none; }
        }
        @media (max-width: 760px) {
          .top { flex-wrap: wrap; gap: .3rem .7rem; padding: .6rem .9rem; }
          h1 { order: 4; flex: 1 0 100%; border: 0; padding: 0; font-size: 1rem; }
          .state { margin-left: auto; }
          .clock { display: none; }
          main { padding: .7rem .9rem 1.5rem; }
          .counters { grid-template-columns: repeat(6, 1fr); gap: .5rem; }
          .counter { grid-column: span 2; flex-direction: column; align-items: flex-start; gap: 0; padding: .4rem .6rem; }
          .counter:nth-child(-n + 2) { grid-column: span 3; flex-direction: row; align-items: center; gap: .6rem; }
          .counter b { font-size: 1.8rem; }
          .counter span { font-size: .92rem; line-height: 1.2; }
          .columns {
            grid-template-columns: repeat(5, 74vw); overflow-x: auto; scroll-snap-type: x mandatory;
            margin: 0 -.9rem; padding: 0 .9rem .4rem; scroll-padding: .9rem; align-items: start;
          }
          .column { scroll-snap-align: start; }
          .side { grid-template-columns: 1fr; }
        }
        """
}
