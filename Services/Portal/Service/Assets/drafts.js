// Reports that wait to be sent: kept by the browser until the server has said that it has them.
// Used by pages and by the service worker. Each draft keeps its Idempotency-Key, so that however often it is sent it is one report.
(() => {
  const open = () => new Promise((done, fail) => {
    const asked = indexedDB.open("suishoupai", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("drafts", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const act = async (mode, what) => {
    const database = await open();
    try {
      return await new Promise((done, fail) => {
        const change = database.transaction("drafts", mode);
        const asked = what(change.objectStore("drafts"));
        change.oncomplete = () => done(asked.result);
        change.onerror = change.onabort = () => fail(change.error);
      });
    } finally { database.close(); }
  };
  const all = async () => (await act("readonly", (store) => store.getAll())).sort((one, other) => one.madeAt - other.madeAt);
  const keep = (draft) => act("readwrite", (store) => store.put(draft));
  const forget = (key) => act("readwrite", (store) => store.delete(key));

  const sendOne = async (draft, session) => {
    const body = new FormData();
    body.append("report", new Blob([JSON.stringify(draft.report)], { type: "application/json" }));
    for (const photo of draft.photos) body.append("photo", photo, "photo.jpg");
    if (draft.sound) body.append("voiceNote", draft.sound, "note.wav");
    const answer = await fetch("/v1/reports", { method: "POST", body, headers: {
      "Idempotency-Key": draft.key, "X-Form-Token": session.formToken, "Accept": "application/json" } });
    if (answer.status === 201) { await forget(draft.key); return { key: draft.key, sent: await answer.json() }; }
    // What is wrong in it does not mend itself; everything else may.
    if ([400, 413, 415, 422].includes(answer.status)) {
      const said = await answer.json().catch(() => ({}));
      draft.refused = (said.errors || []).map((e) => `${e.field} ${e.message}`).join("; ") || said.detail || String(answer.status);
      await keep(draft);
      return { key: draft.key, refused: draft.refused };
    }
    return { key: draft.key, waits: true };
  };

  // Sends what is there, one after the other; never twice at a time.
  const send = () => navigator.locks.request("suishoupai-drafts", async () => {
    const drafts = (await all()).filter((draft) => !draft.refused);
    if (drafts.length === 0) return [];
    const answer = await fetch("/session", { headers: { Accept: "application/json" } });
    if (!answer.ok) return [];
    const session = await answer.json();
    const outcomes = [];
    for (const draft of drafts) {
      // Another person's stays until that person signs in again.
      if (draft.subject !== session.subject) continue;
      outcomes.push(await sendOne(draft, session));
    }
    return outcomes;
  });

  self.Drafts = { all, keep, forget, send };
})();
