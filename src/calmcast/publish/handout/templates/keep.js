// Keeping the class on the device: only when asked to, and only where a service worker can be had.
if (onWeb && page.app) {
  const link = document.createElement("link");
  link.rel = "manifest";
  link.href = page.app;
  document.head.append(link);
}
const workers = onWeb && isSecureContext && navigator.serviceWorker;
const keepGo = one("#keep-go"), keepRemove = one("#keep-remove"), keepBar = one("#keep-progress");
const keepSays = text => { one("#keep-says").textContent = text; };
const keepNews = text => { one("#keep-news").textContent = text; };
const megabytes = bytes => `${(Math.max(bytes, 50000) / 1e6).toFixed(1)} MB`;

const newest = registration => registration && (registration.installing ?? registration.waiting ?? registration.active);
const ask = (worker, question) => new Promise((answer, refuse) => {
  const { port1, port2 } = new MessageChannel();
  const lost = setTimeout(() => refuse(new Error("network")), 240000);
  // A worker that could not fetch what was made again gives up, and answers no more.
  worker.addEventListener("statechange", () => { if (worker.state === "redundant") refuse(new Error("network")); });
  port1.onmessage = event => {
    clearTimeout(lost);
    port1.close();
    if (event.data.failed) refuse(new Error(event.data.failed)); else answer(event.data);
  };
  worker.postMessage(question, [port2]);
});
const showKept = async () => {
  const worker = newest(await workers.getRegistration("./")), state = worker ? await ask(worker, { ask: "state" }) : null;
  const missing = state ? state.missing.reduce((sum, file) => sum + file.size, 0) : 0;
  // A worker from before the class was made again knows other tracks than this page does.
  const isOld = state?.any && tracks.some(track => state.versions[track.file] !== track.version);
  const isKept = state?.kept && !state.missing.length && !isOld;
  keepGo.hidden = Boolean(isKept);
  if (state) one("#keep-size").textContent = missing ? megabytes(missing) : "";
  keepRemove.hidden = !state?.any;
  if (isKept) keepSays("All of this is kept on this device. You can listen where there is no network.");
  else if (isOld) keepSays("This class was made again, and what is new is not kept on this device yet.");
  else if (state?.any) keepSays("Some of this is kept on this device, but not all of it.");
  else keepSays("You can keep all of this on your device, and listen where there is no network.");
};
const watch = registration => registration?.addEventListener("updatefound", () => {
  registration.installing?.addEventListener("statechange", () => showKept().catch(() => {}));
});
const keep = async () => {
  const before = await workers.getRegistration("./");
  await before?.update().catch(() => {});
  const registration = before ?? await workers.register(page.worker, { scope: "./", updateViaCache: "none" });
  navigator.storage?.persist?.().catch(() => {});
  const worker = newest(registration), { missing } = await ask(worker, { ask: "state" });
  const total = missing.reduce((sum, file) => sum + file.size, 0) || 1;
  let done = 0;
  for (const { path, size } of missing) {
    keepNews(`Keeping: ${Math.round(100 * done / total)} %`);
    await ask(worker, { ask: "keep", path });
    done += size;
    keepBar.value = done / total;
  }
  await ask(worker, { ask: "finish" });
};
const failures = {
  network: "It could not be kept: the network was lost, or a file is not there. What has come so far is kept; please try again.",
  other: "It could not be kept: a track is not the one that belongs to this page. Reload the page, then try again.",
  full: "It could not be kept: there is not enough room on this device.",
};
const busy = async (work, done) => {
  keepGo.setAttribute("aria-disabled", "true");
  const news = await work().then(() => done, error => failures[error.message] ?? "It could not be kept: this browser does not let a page keep anything.");
  await showKept().catch(() => {});
  keepGo.removeAttribute("aria-disabled");
  keepBar.hidden = true;
  keepNews(news);
};
if (workers) {
  one("#keep").hidden = false;
  keepGo.addEventListener("click", async () => {
    if (keepGo.hasAttribute("aria-disabled")) return;
    keepBar.hidden = false;
    keepBar.value = 0;
    const hadFocus = document.activeElement === keepGo;
    await busy(keep, "Kept.");
    if (hadFocus && keepGo.hidden) keepRemove.focus();
  });
  keepRemove.addEventListener("click", async () => {
    await busy(async () => {
      const registration = await workers.getRegistration("./");
      await ask(newest(registration), { ask: "forget" });
      await registration.unregister();
    }, "Removed from this device.");
    keepGo.focus();
  });
  workers.getRegistration("./").then(watch, () => {});
  showKept().catch(() => {});
}
