// Keeping the class on the device: only when asked to, and only where a service worker can be had.
if (onWeb && page.app) {
  const link = document.createElement("link");
  link.rel = "manifest";
  link.href = page.app;
  document.head.append(link);
}
const workers = onWeb && page.worker && isSecureContext && navigator.serviceWorker;
const keepGo = one("#keep-go"), keepRemove = one("#keep-remove"), keepBar = one("#keep-progress");
const keepSays = text => write(one("#keep-says"), text);
const keepNews = text => write(one("#keep-news"), text);
const megabytes = bytes => t("size", { mb: (Math.max(bytes, 50000) / 1e6).toFixed(1).replace(".", t("decimal")) });

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
// A browser asks for the worker's own file with more patience than a person has.
const soon = work => new Promise((done, refuse) => {
  setTimeout(refuse, 20000, new Error("network"));
  work.then(done, refuse);
});
const showKept = async () => {
  const registration = await workers.getRegistration("./"), worker = newest(registration);
  const state = worker ? await ask(worker, { ask: "state" }) : null;
  const missing = state ? state.missing.reduce((sum, file) => sum + file.size, 0) : 0;
  // A worker from before the class was made again knows other tracks than this page does.
  const isOld = state?.any && tracks.some(track => state.versions[track.file] !== track.version);
  // What is kept plays here only when the worker that knows it looks after this page.
  const isKept = state?.kept && !state.missing.length && !isOld && worker === registration.active && Boolean(workers.controller);
  if (isKept && !players.some(sound => isOn(sound.track))) await ask(worker, { ask: "tidy" });
  keepGo.hidden = Boolean(isKept);
  if (state) one("#keep-size").textContent = missing ? megabytes(missing) : "";
  keepRemove.hidden = !state?.any;
  if (isKept) keepSays(t("keep-all"));
  else if (isOld) keepSays(t("keep-old"));
  else if (state?.any) keepSays(t("keep-some"));
  else keepSays(t("keep-can"));
};
const watch = registration => registration?.addEventListener("updatefound", () => {
  registration.installing?.addEventListener("statechange", () => showKept().catch(() => {}));
});
const keep = async () => {
  const before = await workers.getRegistration("./");
  if (before) await soon(before.update()).catch(() => {});
  const registration = before ?? await soon(workers.register(page.worker, { scope: "./", updateViaCache: "none" }));
  navigator.storage?.persist?.().catch(() => {});
  const worker = newest(registration), { missing } = await ask(worker, { ask: "state" });
  const total = missing.reduce((sum, file) => sum + file.size, 0) || 1;
  let done = 0;
  for (const { path, size } of missing) {
    keepNews(t("keep-percent", { n: Math.round(100 * done / total) }));
    await ask(worker, { ask: "keep", path });
    done += size;
    keepBar.value = done / total;
  }
  await ask(worker, { ask: "finish" });
};
const failures = {
  network: t("keep-lost"),
  other: t("keep-other"),
  full: t("keep-full"),
};
const busy = async (work, done) => {
  keepGo.setAttribute("aria-disabled", "true");
  const news = await work().then(() => done, error => failures[error.message] ?? t("keep-never"));
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
    await busy(keep, t("kept"));
    if (hadFocus && keepGo.hidden) keepRemove.focus();
  });
  keepRemove.addEventListener("click", async () => {
    await busy(async () => {
      const registration = await workers.getRegistration("./");
      await ask(newest(registration), { ask: "forget" });
      await registration.unregister();
    }, t("removed"));
    keepGo.focus();
  });
  workers.getRegistration("./").then(watch, () => {});
  workers.addEventListener("controllerchange", () => showKept().catch(() => {}));
  showKept().catch(() => {});
}

// On the home screen: where a browser asks for itself, and on Apple's phones, where one has to know how.
addEventListener("beforeinstallprompt", event => {
  event.preventDefault();
  one("#install").hidden = false;
  one("#install").onclick = () => event.prompt();
});
addEventListener("appinstalled", () => { one("#install").hidden = true; });
if (onWeb && navigator.standalone === false) {
  one("#keep").hidden = false;
  one("#keep-go").hidden ||= !workers;
  one("#install-says").hidden = false;
}
