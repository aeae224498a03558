// Keeps the numbers of the overview fresh: fetched when something happened, and now and then in any case.
(() => {
  "use strict";
  const live = document.getElementById("live"), state = document.getElementById("state");
  const second = 1000, patience = 20 * second, pace = 2 * second;
  let isBusy = false, triedAt = Date.now(), feed = null, later = 0;

  const say = isLost => {
    const words = isLost ? state.dataset.lost : state.dataset.live;
    if (state.textContent !== words) state.textContent = words;
    live.firstElementChild?.classList.toggle("stale", isLost);
  };
  const refresh = async () => {
    if (isBusy) return;
    isBusy = true;
    triedAt = Date.now();
    try {
      const answer = await fetch("/overview/live", { cache: "no-store", signal: AbortSignal.timeout(15 * second) });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (text !== live.innerHTML) live.innerHTML = text;
      say(false);
    } catch (error) { say(true); }
    isBusy = false;
  };
  // Public topics may tell of a step a moment after the feed does: so it is asked once more.
  const soon = () => {
    if (later) return;
    later = setTimeout(() => {
      refresh();
      later = setTimeout(() => { later = 0; refresh(); }, pace);
    }, pace);
  };
  const listen = () => {
    if (feed && feed.readyState !== EventSource.CLOSED) return;
    feed = new EventSource("/v1/feed/board");
    for (const name of ["step", "reset"]) feed.addEventListener(name, soon);
  };
  setInterval(() => { if (!document.hidden && Date.now() - triedAt > patience) { listen(); refresh(); } }, second);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  addEventListener("online", refresh);
  listen();
  refresh();
})();
