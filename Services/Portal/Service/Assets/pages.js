// What every page does where there are scripts: large type, drafts that wait, and the service worker.
(() => {
  const large = document.getElementById("large-type");
  if (large) {
    large.hidden = false;
    large.addEventListener("click", () => {
      const isLarge = document.documentElement.classList.toggle("large");
      large.setAttribute("aria-pressed", String(isLarge));
      // The server reads it, so that the next page comes large at once.
      document.cookie = `suishoupai_large=${isLarge ? "yes" : "no"}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    });
  }

  const person = document.body.dataset.person;
  const box = document.getElementById("drafts");
  const line = (draft) => {
    const item = document.createElement("li");
    const words = document.createElement("span");
    const state = draft.refused ? `${box.dataset.refused}: ${draft.refused}` : draft.subject === person ? box.dataset.waiting : box.dataset.other;
    words.textContent = `${draft.report.description} — ${state}`;
    item.append(words);
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", act);
      item.append(made);
    };
    if (draft.subject === person) button(box.dataset.send, async () => { delete draft.refused; await Drafts.keep(draft); await sendAll(); });
    button(box.dataset.discard, async () => { await Drafts.forget(draft.key); await list(); });
    return item;
  };
  const list = async () => {
    if (!box) return;
    const drafts = await Drafts.all();
    box.hidden = drafts.length === 0;
    box.querySelector("ul").replaceChildren(...drafts.map(line));
  };
  const heard = async (outcomes) => {
    if (outcomes.some((outcome) => outcome.sent) && box) location.assign("/me?sent=1");
    else await list();
  };
  const sendAll = async () => {
    try { await heard(await Drafts.send()); } catch (error) { await list(); }
  };
  self.sendDrafts = sendAll;
  if (person) {
    list().then(sendAll);
    addEventListener("online", sendAll);
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register("/service-worker.js");
      navigator.serviceWorker.addEventListener("message", (event) => heard(event.data.outcomes));
    }
  }
})();
