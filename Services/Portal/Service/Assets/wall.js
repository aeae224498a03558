// The board on a wall: stands for a month, so nothing may grow, and nobody comes to press a key.
// It fetches what it shows anew when something happened, and now and then in any case; what was shown before is dropped.
(() => {
  "use strict";
  const live = document.getElementById("live");
  const state = document.getElementById("state");
  const clock = document.getElementById("clock");
  const page = document.body.dataset;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const second = 1000;
  // Without news it asks so often, in case the feed is silent for a bad reason; after a failure sooner.
  const patience = 20 * second, impatience = 4 * second, longest = 15 * second;
  let text = "";
  // The server's time less the device's: screens on walls have clocks of their own.
  let skew = 0;
  let seenAt = Date.now(), triedAt = Date.now(), isLost = false, isBusy = false, isAsked = false, feed = null;

  const local = (moment) => new Date(moment + skew + Number(page.offset) * 60 * second).toISOString();
  const say = (name, words) => {
    state.dataset.state = name;
    const place = state.querySelector("span");
    if (place.textContent !== words) place.textContent = words;
    live.classList.toggle("stale", name === "lost");
  };
  const tell = () => {
    if (!isLost) return say("live", page.live);
    const minutes = Math.floor((Date.now() - seenAt) / (60 * second));
    const words = minutes > 0 ? page.lost.replace("{minutes}", minutes) : page.lostNow;
    say("lost", words.replace("{time}", local(seenAt).slice(11, 16)));
  };

  const known = (name) => new Map([...live.querySelectorAll(`[data-${name}]`)].map((one) => [one.dataset[name], one.textContent]));
  const show = (html) => {
    if (html === text) return;
    const [counts, steps] = [known("count"), known("step")];
    text = html;
    live.innerHTML = html;
    if (calm.matches || steps.size === 0) return;
    for (const one of live.querySelectorAll("[data-count]")) if (counts.get(one.dataset.count) !== one.textContent) one.classList.add("fresh");
    for (const one of live.querySelectorAll("[data-step]")) if (!steps.has(one.dataset.step)) one.classList.add("fresh");
  };

  const refresh = async () => {
    if (isBusy) { isAsked = true; return; }
    isBusy = true;
    isAsked = false;
    triedAt = Date.now();
    try {
      const answer = await fetch("/wall/live", { cache: "no-store", signal: AbortSignal.timeout(longest) });
      if (!answer.ok) throw new Error(String(answer.status));
      const at = Date.parse(answer.headers.get("date"));
      if (at) skew = at - Date.now();
      show(await answer.text());
      seenAt = Date.now();
      isLost = false;
    } catch (error) { isLost = true; }
    tell();
    setTimeout(() => { isBusy = false; if (isAsked) refresh(); }, Number(page.pace));
  };

  // A browser gives a feed up for good when the server answers anything but 200, as a proxy does while portal restarts.
  const listen = () => {
    if (feed && feed.readyState !== EventSource.CLOSED) return;
    feed = new EventSource("/v1/feed/board");
    for (const name of ["step", "ready", "reset", "error"]) feed.addEventListener(name, refresh);
  };
  // Pages of another release come in the night, and only from a server that has just answered.
  const isNight = () => local(Date.now()).slice(11, 13) === "03";
  const renew = () => {
    const shown = live.firstElementChild;
    if (shown && shown.dataset.version !== page.version && !isLost && isNight()) location.reload();
  };
  setInterval(() => {
    const now = local(Date.now());
    clock.querySelector("b").textContent = now.slice(11, 19);
    clock.querySelector("small").textContent = now.slice(0, 10);
    const waited = Date.now() - triedAt;
    if (waited > patience || (isLost && waited > impatience)) { listen(); refresh(); }
    if (isLost) tell();
    renew();
  }, second);

  const stayAwake = async () => {
    try { if (navigator.wakeLock && !document.hidden) await navigator.wakeLock.request("screen"); } catch (error) { /* Then the screen's own settings decide. */ }
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { stayAwake(); refresh(); } });
  addEventListener("online", refresh);
  stayAwake();
  listen();
  refresh();
})();
