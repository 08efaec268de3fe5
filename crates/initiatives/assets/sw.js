// Keeps the form of a sprint and what draws its map on the phone, so that both open without a connection.

const CACHE = `minga-sprint${self.location.search}`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("minga-sprint") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

/** What never changes under its address is asked for once. */
async function asset(request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** The form as it is by now, or as it was when there was a connection. */
async function form(request) {
  const cache = await caches.open(CACHE);
  const path = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(path, answer.clone());
    // Whoever signed out leaves nothing of theirs behind.
    if (answer.status === 401) await cache.delete(path);
    return answer;
  } catch (error) {
    const known = await cache.match(path);
    if (known) return known;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (/^\/(map\/)?assets\//.test(url.pathname)) event.respondWith(asset(event.request));
  else if (event.request.mode === "navigate" && /^\/sprints\/[^/]+\/add$/.test(url.pathname)) event.respondWith(form(event.request));
});
