/// The script of the board: clock, live refresh, and cards that move to their new column.
enum BoardScript {
    static let text = #"""
        (() => {
          'use strict';
          const live = document.getElementById('live');
          const state = document.getElementById('state');
          const clock = document.getElementById('clock');
          const offset = Number(document.body.dataset.offset) * 60000;
          const calm = matchMedia('(prefers-reduced-motion: reduce)');

          const show = (name, chinese, english) => {
            if (state.dataset.state === name) return;
            state.dataset.state = name;
            const small = document.createElement('small');
            small.lang = 'en';
            small.textContent = english;
            state.querySelector('span').replaceChildren(chinese + ' ', small);
          };

          const tick = () => {
            const now = new Date(Date.now() + offset).toISOString();
            clock.querySelector('b').textContent = now.slice(11, 19);
            clock.querySelector('small').textContent = now.slice(0, 10);
          };

          const places = () => {
            const found = new Map();
            live.querySelectorAll('[data-key]').forEach((card) => {
              found.set(card.dataset.key, { box: card.getBoundingClientRect(), stage: card.dataset.stage });
            });
            return found;
          };

          const counts = () => {
            const found = new Map();
            live.querySelectorAll('[data-count]').forEach((b) => found.set(b.dataset.count, b.textContent));
            return found;
          };

          const steps = () => new Set([...live.querySelectorAll('[data-step]')].map((li) => li.dataset.step));

          const move = (card, before) => {
            const box = card.getBoundingClientRect();
            if (!before) {
              card.animate([{ opacity: 0, transform: 'scale(.92)' }, { opacity: 1, transform: 'none' }], 500);
              card.classList.add('fresh');
              return;
            }
            if (before.stage !== card.dataset.stage) card.classList.add('fresh');
            const x = before.box.left - box.left;
            const y = before.box.top - box.top;
            if (x || y) {
              card.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }],
                { duration: 700, easing: 'cubic-bezier(.2, .8, .2, 1)' });
            }
          };

          const replace = (html) => {
            const oldPlaces = places();
            const oldCounts = counts();
            const oldSteps = steps();
            const columns = live.querySelector('.columns');
            const left = columns ? columns.scrollLeft : 0;
            live.innerHTML = html;
            const fresh = live.querySelector('.columns');
            if (fresh) fresh.scrollLeft = left;
            if (calm.matches) return;
            live.querySelectorAll('[data-key]').forEach((card) => move(card, oldPlaces.get(card.dataset.key)));
            live.querySelectorAll('[data-count]').forEach((b) => {
              if (oldCounts.get(b.dataset.count) !== b.textContent) b.classList.add('fresh');
            });
            live.querySelectorAll('[data-step]').forEach((li) => {
              if (!oldSteps.has(li.dataset.step)) li.classList.add('fresh');
            });
          };

          let asked = false;
          let busy = false;
          const refresh = async () => {
            if (busy) { asked = true; return; }
            busy = true;
            try {
              const answer = await fetch('/board/live', { cache: 'no-store' });
              if (answer.ok) replace(await answer.text());
            } catch (error) {
              show('lost', '连接中断，正在重连', 'reconnecting');
            }
            setTimeout(() => {
              busy = false;
              if (asked) { asked = false; refresh(); }
            }, 800);
          };

          const source = new EventSource('/v1/feed/board');
          ['step', 'ready', 'reset'].forEach((name) => source.addEventListener(name, refresh));
          source.onopen = () => show('live', '实时', 'live');
          source.onerror = () => show('lost', '连接中断，正在重连', 'reconnecting');
          document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
          setInterval(tick, 1000);
          setInterval(refresh, 60000);
          tick();
        })();
        """#
}

/// The mark of the project: a picture taken of a place.
enum BoardIcon {
    static let text = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#d5362f"/>\
        <path d="M14 24a6 6 0 0 1 6-6h4l4-5h8l4 5h4a6 6 0 0 1 6 6v20a6 6 0 0 1-6 6H20a6 6 0 0 1-6-6z" fill="#fff"/>\
        <path d="M32 25a9 9 0 0 0-9 9c0 6 9 13 9 13s9-7 9-13a9 9 0 0 0-9-9z" fill="#d5362f"/>\
        <circle cx="32" cy="34" r="3.4" fill="#fff"/></svg>
        """
}
