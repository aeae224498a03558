// Keeps the report page at hand without a net, and sends drafts when it is back.
importScripts("/static/newest/drafts.js");
const shelf = "suishoupai-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== shelf) await caches.delete(name);
  await self.clients.claim();
})()));

// As it is now; without a net as it was last.
const newest = async (request, name) => {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) (await caches.open(shelf)).put(name, answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(name);
    if (kept) return kept;
    throw error;
  }
};
const file = async (request) => {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(shelf)).put(request, answer.clone());
  return answer;
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.method === "POST" && url.pathname === "/sign-out") {
    // The page names who was signed in.
    event.waitUntil(caches.delete(shelf));
    return;
  }
  if (event.request.method !== "GET") return;
  if (url.pathname === "/report" && url.search === "") event.respondWith(newest(event.request, "/report"));
  else if (url.pathname === "/map/communities.json") event.respondWith(newest(event.request, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "drafts") return;
  event.waitUntil(Drafts.send().then(tell));
});
const tell = async (outcomes) => {
  for (const client of await self.clients.matchAll()) client.postMessage({ outcomes });
};

// What notifications sends to this browser: see docs/notifications-channels.md.
self.addEventListener("push", (event) => {
  let message = {};
  try { message = event.data.json(); } catch (error) { return; }
  event.waitUntil(self.registration.showNotification(message.title || "", { body: message.body || "", tag: message.id, data: message.link || "/inbox" }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const there = new URL(event.notification.data, location.origin);
  event.waitUntil(self.clients.openWindow(there.origin === location.origin ? there.href : "/inbox"));
});
