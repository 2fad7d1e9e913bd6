/* A `.drop` with data-uploads: each file goes up at once, in pieces (tus), and goes on after a break, a closed page or a
   dead battery. The form then carries only a mark for each. What is written is sent when the last file is there. */
(() => {
  "use strict";

  const { word, toast, size } = window.huisheng;
  const TUS = { "Tus-Resumable": "1.0.0" };
  const KB = 1024, SMALLEST = 256 * KB, LARGEST = 8192 * KB, DAY = 864e5;
  const kept = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or refused: it works without */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* refused */ } },
  };
  const begun = (file) => `upload:${file.mark}`;
  /* The same file, chosen again later, by its size and its two ends: some phones give it another name and time each time. */
  async function fingerprint(file) {
    const ends = [file.slice(0, 64 * KB), file.slice(-64 * KB)];
    let sum = 0x811c9dc5;
    for (const end of ends) {
      for (const byte of new Uint8Array(await end.arrayBuffer())) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
    }
    return `${file.size}:${sum.toString(16)}`;
  }
  const arrived = (form) => window.huisheng.slot("files", form);
  const ofForm = (form) => [...form.querySelectorAll(".drop[data-uploads]")].flatMap((drop) => drop.entries || []);
  const going = (entry) => ["sending", "waiting"].includes(entry.state);
  const busy = (form) => ofForm(form).some(going) || [...form.querySelectorAll(".drop")].some((drop) => drop.looking);

  function ask(method, url, headers, body, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
      if (token) request.setRequestHeader("X-CSRFToken", token);
      request.timeout = 120000;
      if (onProgress) request.upload.addEventListener("progress", (step) => onProgress(step.loaded));
      request.addEventListener("load", () => resolve(request));
      for (const kind of ["error", "timeout", "abort"]) request.addEventListener(kind, () => reject(new Error(kind)));
      request.send(body);
      if (ask.began) ask.began(request);
    });
  }

  class Refused extends Error {}
  function told(request) {
    try {
      const problem = JSON.parse(request.responseText);
      return Object.values(problem.errors || {}).flat()[0] || problem.detail;
    } catch {
      return word("failed");
    }
  }

  async function begin(entry) {
    const before = kept.get(begun(entry.file));
    if (before && Date.now() - before.at < DAY) {
      const found = await ask("HEAD", before.url, TUS);
      if (found.status === 200) return [before.url, Number(found.getResponseHeader("Upload-Offset"))];
    }
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(entry.file.name)));
    const made = await ask("POST", entry.drop.dataset.uploads, { ...TUS, "Upload-Length": String(entry.file.size), "Upload-Metadata": `filename ${name}` });
    if (made.status === 429 || made.status >= 500) throw new Error("later");
    if (made.status !== 201) throw new Refused(told(made));
    const url = made.getResponseHeader("Location");
    kept.set(begun(entry.file), { url, at: Date.now() });
    return [url, 0];
  }

  /* One file to its end. A lost connection throws; `run` tries again from where it was. */
  async function send(entry) {
    if (!entry.url) [entry.url, entry.offset] = await begin(entry);
    else {
      const found = await ask("HEAD", entry.url, TUS);
      if (found.status === 404) { kept.drop(begun(entry.file)); entry.url = ""; return send(entry); }
      entry.offset = Number(found.getResponseHeader("Upload-Offset"));
    }
    while (entry.offset < entry.file.size && entry.state === "sending") {
      const from = entry.offset, started = performance.now();
      const piece = entry.file.slice(from, from + entry.piece);
      ask.began = (request) => { entry.request = request; };
      const sent = await ask("PATCH", entry.url, { ...TUS, "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" }, piece,
        (loaded) => show(entry, from + loaded));
      ask.began = null;
      if (sent.status === 422 || sent.status === 413) { kept.drop(begun(entry.file)); throw new Refused(told(sent)); }
      if (sent.status !== 204) throw new Error("later");
      entry.offset = Number(sent.getResponseHeader("Upload-Offset"));
      entry.tries = 0;
      const seconds = (performance.now() - started) / 1000;
      if (seconds < 2 && entry.piece < LARGEST) entry.piece *= 2;
      if (seconds > 8 && entry.piece > SMALLEST) entry.piece /= 2;
      show(entry, entry.offset);
    }
    if (entry.state !== "sending") return;
    const whole = await ask("GET", entry.url, {});
    const said = whole.status === 200 && JSON.parse(whole.responseText);
    if (!said || !said.mark) throw new Error("later");
    kept.drop(begun(entry.file));
    entry.mark = said.mark;
    entry.name = said.attachment.name;
    settle(entry, "done");
    remember(entry.drop.closest("form"));
  }

  async function run(entry) {
    if (entry.state === "removed") return;
    settle(entry, "sending");
    try {
      await send(entry);
    } catch (problem) {
      if (entry.state === "removed") return;
      if (problem instanceof Refused) {
        entry.why = problem.message;
        settle(entry, "refused");
      } else {
        settle(entry, "waiting");
        entry.tries = (entry.tries || 0) + 1;
        entry.timer = setTimeout(() => run(entry), Math.min(30, 2 ** entry.tries) * 500);
      }
    }
    goOn(entry.drop.closest("form"));
  }

  window.addEventListener("online", () => {
    for (const drop of document.querySelectorAll(".drop[data-uploads]")) {
      for (const entry of drop.entries || []) {
        if (entry.state !== "waiting") continue;
        clearTimeout(entry.timer);
        run(entry);
      }
    }
  });

  /* --- what is seen ------------------------------------------------------------------------------ */
  function row(entry) {
    const line = document.createElement("li");
    const thumb = document.createElement("span");
    thumb.className = "thumb";
    window.huisheng.preview(entry.file, thumb);
    const text = document.createElement("span");
    const name = document.createElement("bdi");
    name.className = "name";
    name.textContent = entry.name;
    entry.bar = document.createElement("progress");
    entry.bar.max = 100;
    entry.bar.setAttribute("aria-label", entry.name);
    entry.note = document.createElement("small");
    entry.note.setAttribute("role", "status");
    text.append(name, entry.bar, entry.note);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn bare icon-only small";
    remove.setAttribute("aria-label", word("remove", { name: entry.name }));
    remove.textContent = "×";
    remove.addEventListener("click", () => take(entry));
    line.append(thumb, text, remove);
    if (entry.sound) {
      const player = document.createElement("audio");
      player.controls = true;
      player.src = entry.sound;
      text.append(player);
    }
    return line;
  }

  function show(entry, loaded) {
    const percent = entry.file ? Math.floor((100 * loaded) / entry.file.size) : 100;
    const whole = size(entry.file ? entry.file.size : entry.size);
    entry.bar.value = percent;
    entry.bar.hidden = !going(entry);
    const words = {
      sending: () => `${word("uploading", { percent })} · ${whole}`,
      waiting: () => word("waitingForNet", { percent }),
      done: () => `${whole} · ${word("uploaded")}`,
      refused: () => entry.why,
      begun: () => `${whole} · ${word("chooseAgain")}`,
    };
    const said = words[entry.state]?.() || "";
    if (entry.note.textContent !== said) entry.note.textContent = said;
    entry.line.classList.toggle("bad", entry.state === "refused");
  }

  function settle(entry, state) {
    entry.state = state;
    show(entry, entry.offset || 0);
    let mark = entry.line.querySelector("input[name=kept]");
    if (state !== "done") return mark?.remove();
    mark ||= Object.assign(document.createElement("input"), { type: "hidden", name: "kept" });
    mark.value = entry.mark;
    entry.line.append(mark);
  }

  function take(entry) {
    const { drop, url } = entry;
    settle(entry, "removed");
    clearTimeout(entry.timer);
    entry.request?.abort();
    if (entry.file || entry.begun) kept.drop(begun(entry.file || { mark: entry.begun }));
    if (url) ask("DELETE", url, TUS).catch(() => {});
    entry.line.remove();
    drop.entries = drop.entries.filter((other) => other !== entry);
    remember(drop.closest("form"));
    goOn(drop.closest("form"));
    drop.querySelector("input[type=file]").focus();
  }

  function put(drop, entry) {
    entry.drop = drop;
    entry.line = row(entry);
    (drop.entries ||= []).push(entry);
    window.huisheng.listOf(drop).append(entry.line);
  }

  /* --- the ways in and out ----------------------------------------------------------------------- */
  async function add(drop, files) {
    drop.looking = (drop.looking || 0) + 1;
    await choose(drop, files);
    drop.looking -= 1;
    goOn(drop.closest("form"));
  }

  /* One goes up after the other: they stand on the case as they were chosen, and the first is there soon. */
  async function choose(drop, files) {
    const most = Number(drop.dataset.maxFiles);
    for (const file of files) {
      try {
        file.mark = await fingerprint(file);
      } catch {
        toast(word("failed"), "bad"); /* it was moved or taken away meanwhile */
        continue;
      }
      const limit = (file.type.startsWith("video/") ? Number(drop.dataset.videoMb) : Number(drop.dataset.maxMb)) * KB * KB;
      const entries = drop.entries || [];
      const others = drop.closest("form").querySelectorAll("input[name=kept][type=checkbox]:checked").length;
      if (file.size > limit) toast(word("tooBig", { name: file.name, limit: size(limit) }), "bad");
      else if (entries.length + others >= most) toast(word("tooMany", { limit: most }), "bad");
      else if (!entries.some((one) => one.file && one.file.mark === file.mark)) {
        const entry = { file, name: file.name, offset: 0, piece: 512 * KB, sound: file.sound };
        for (const one of entries.filter((other) => other.begun === file.mark && !other.file)) {
          one.line.remove();
          drop.entries = drop.entries.filter((other) => other !== one);
        }
        put(drop, entry);
        settle(entry, "sending");
        drop.turn = (drop.turn || Promise.resolve()).then(() => run(entry));
        remember(drop.closest("form"));
      }
    }
  }

  function remember(form) {
    if (!form?.dataset.draft) return;
    const rows = ofForm(form).filter((entry) => ["done", "sending", "waiting", "begun"].includes(entry.state))
      .map(({ mark, name, file, begun: half, size: bytes, at }) =>
        ({ mark, name, begun: mark ? undefined : half || file.mark, size: file ? file.size : bytes, at: at || Date.now() }));
    if (rows.length) kept.set(arrived(form), rows);
    else kept.drop(arrived(form));
  }

  function restore(form) {
    const drop = form.querySelector(".drop[data-uploads]");
    if (!drop || !form.dataset.draft || form.querySelector("[name=kept]")) return;
    if (document.body.hasAttribute("data-posted")) return kept.drop(arrived(form)); /* the server lists what it still has */
    for (const one of kept.get(arrived(form)) || []) {
      if (Date.now() - one.at > DAY * 0.9) continue;
      put(drop, { name: one.name, size: one.size, mark: one.mark, begun: one.begun, at: one.at });
      settle(drop.entries.at(-1), one.mark ? "done" : "begun");
    }
  }

  /* Sent too early: it waits for the last file, says so, and then goes by itself. A file of which half is here waits for a person. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const half = ofForm(form).find((entry) => entry.state === "begun");
    if (!half && !busy(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (half) {
      toast(word("halfThere", { name: half.name }), "bad");
      half.line.querySelector("button").focus();
      return;
    }
    form.dataset.waits = "1";
    form.waitsFor = event.submitter;
    event.submitter?.setAttribute("aria-busy", "true");
    toast(word("sendsByItself"));
  }, true);

  function goOn(form) {
    if (!form?.dataset.waits || busy(form)) return;
    delete form.dataset.waits;
    form.waitsFor?.removeAttribute("aria-busy");
    const refused = ofForm(form).find((entry) => entry.state === "refused");
    if (refused) return toast(refused.why, "bad");
    form.requestSubmit(form.waitsFor?.isConnected ? form.waitsFor : undefined);
  }

  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.dataset?.draft) kept.set("files-sent", { slot: arrived(event.target), at: Date.now() });
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...document.forms].some((form) => ofForm(form).some(going))) event.preventDefault();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const sent = kept.get("files-sent");
    if (sent) {
      kept.drop("files-sent");
      if (window.huisheng.arrived(sent)) kept.drop(sent.slot);
    }
    document.querySelectorAll("form[data-draft]").forEach(restore);
  });

  window.huisheng.resume = { add };
})();
