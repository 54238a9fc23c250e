// Keeps one class for when there is no network. It looks after its own folder's files alone, and after one cache.
"use strict";
const FILES = {{ files | tojson }};
const PAGE = {{ page | tojson }};
const SCOPE = self.registration.scope;
const CACHE = "calmcast " + SCOPE;
const PATIENCE_MS = 4000;
// A download that brings nothing for so long is given up: a connection may stay open for ever.
const SILENCE_MS = 20000;

const byPath = new Map(FILES.map(file => [file.path, file]));
// A file is kept under an address that carries its content's version: a class made again has other addresses.
const keyOf = file => `${SCOPE}${file.path}?v=${file.version}`;
const PAGE_KEY = SCOPE + PAGE;

const asked = url => {
  const { origin, pathname, search } = new URL(url);
  const address = origin + pathname;
  if (!address.startsWith(SCOPE)) return null;
  const path = address.slice(SCOPE.length) || PAGE, file = byPath.get(path);
  return { path, file, version: new URLSearchParams(search).get("v") };
};

async function missing() {
  const cache = await caches.open(CACHE), found = new Set((await cache.keys()).map(request => request.url));
  return FILES.filter(file => !found.has(keyOf(file)));
}

const versions = Object.fromEntries(FILES.map(({ path, version }) => [decodeURIComponent(path), version]));
async function state() {
  if (!await caches.has(CACHE)) return { any: false, kept: false, missing: FILES, versions };
  const cache = await caches.open(CACHE);
  return { any: true, kept: Boolean(await cache.match(PAGE_KEY)), missing: await missing(), versions };
}

const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, "0")).join("");

// An update and a person may want the same file at the same time.
const underway = new Map();
function keep(file) {
  if (!underway.has(file)) underway.set(file, fetchAndKeep(file).finally(() => underway.delete(file)));
  return underway.get(file);
}

async function download(address) {
  const line = new AbortController(), chunks = [];
  let silence;
  const wait = () => {
    clearTimeout(silence);
    silence = setTimeout(() => line.abort(), SILENCE_MS);
  };
  try {
    wait();
    const response = await fetch(address, { cache: "no-cache", credentials: "same-origin", signal: line.signal });
    const reader = response.body.getReader();
    for (let chunk = {}; !chunk.done; chunk = await reader.read()) {
      wait();
      if (chunk.value) chunks.push(chunk.value);
    }
    return { response, data: await new Blob(chunks).arrayBuffer() };
  } catch {
    throw new Error("network");
  } finally {
    clearTimeout(silence);
  }
}

async function fetchAndKeep(file) {
  const { response, data } = await download(keyOf(file));
  if (!response.ok) throw new Error("network");
  // A host may tidy up a page as it sends it, but a track is whole or it is another.
  if (file.track && hex(await crypto.subtle.digest("SHA-256", data)) !== file.sha256) throw new Error("other");
  const type = response.headers.get("Content-Type") || "application/octet-stream";
  const headers = { "Content-Type": type, "Content-Length": data.byteLength, "Accept-Ranges": "bytes" };
  try {
    const cache = await caches.open(CACHE);
    await cache.put(keyOf(file), new Response(data, { headers }));
  } catch (error) {
    throw new Error(error.name === "QuotaExceededError" ? "full" : "cache");
  }
}

// The page comes last: as soon as it is kept, all that it plays is there.
async function finish() {
  const lacking = await missing();
  if (lacking.length) throw new Error("network");
  const cache = await caches.open(CACHE);
  await cache.put(PAGE_KEY, await cache.match(keyOf(byPath.get(PAGE))));
}

async function keepOnlyWhatBelongs() {
  if (!await caches.has(CACHE)) return;
  const cache = await caches.open(CACHE), belongs = new Set([PAGE_KEY, ...FILES.map(keyOf)]);
  for (const request of await cache.keys()) if (!belongs.has(request.url)) await cache.delete(request);
}

self.addEventListener("install", event => event.waitUntil((async () => {
  // Made again: what has changed is fetched before this worker takes over, so that a class is never half of each.
  if ((await state()).kept) {
    for (const file of await missing()) await keep(file);
    await finish();
  }
  // A page that is open learns of it, and plays what is new. What was there before stays until it no longer plays.
  await self.skipWaiting();
})()));

self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));

async function tidy() {
  if ((await self.clients.matchAll()).length <= 1) await keepOnlyWhatBelongs();
  return {};
}

const answers = {
  state: async () => {
    // A page that was loaded past its worker is looked after again.
    await self.clients.claim().catch(() => {});
    return state();
  },
  tidy,
  keep: async ({ path }) => { await keep(byPath.get(path)); return {}; },
  finish: async () => { await finish(); await self.clients.claim().catch(() => {}); return {}; },
  forget: async () => { await caches.delete(CACHE); return {}; },
};
self.addEventListener("message", event => {
  const port = event.ports[0], answer = answers[event.data?.ask];
  if (!port || !answer) return;
  event.waitUntil(answer(event.data).then(
    said => port.postMessage(said),
    error => port.postMessage({ failed: error.message }),
  ));
});

self.addEventListener("fetch", event => {
  const { request } = event, wanted = asked(request.url);
  // What an open page still plays of a class that was made again has a version, and perhaps no file any more.
  if (request.method !== "GET" || !(wanted?.file || wanted?.version)) return;
  event.respondWith(wanted.file?.track ?? true ? fromCacheFirst(request, wanted) : fromNetworkFirst(request, wanted));
});

async function kept(wanted) {
  if (!await caches.has(CACHE)) return undefined;
  const cache = await caches.open(CACHE);
  if (wanted.path === PAGE) return cache.match(PAGE_KEY);
  return cache.match(wanted.version ? `${SCOPE}${wanted.path}?v=${wanted.version}` : keyOf(wanted.file));
}

async function fromCacheFirst(request, wanted) {
  const found = await kept(wanted);
  return found ? partOf(found, request.headers.get("Range")) : fetch(request);
}

async function fromNetworkFirst(request, wanted) {
  const found = await kept(wanted);
  if (!found) return fetch(request);
  const late = new Promise(resolve => setTimeout(resolve, PATIENCE_MS, found));
  const fresh = fetch(request).then(response => response.ok || response.type === "opaqueredirect" ? response : found, () => found);
  return Promise.race([fresh, late]);
}

// Players seek by asking for a range of bytes (RFC 9110, section 14), and Safari plays nothing without it.
async function partOf(response, range) {
  const asks = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (!asks || !(asks[1] || asks[2])) return response;
  const data = await response.blob(), size = data.size;
  const first = asks[1] ? Number(asks[1]) : Math.max(0, size - Number(asks[2]));
  const last = asks[1] && asks[2] ? Math.min(Number(asks[2]), size - 1) : size - 1;
  if (first > last || first >= size)
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${size}` } });
  const headers = new Headers(response.headers);
  headers.set("Content-Range", `bytes ${first}-${last}/${size}`);
  headers.set("Content-Length", String(last + 1 - first));
  return new Response(data.slice(first, last + 1), { status: 206, statusText: "Partial Content", headers });
}
