/* Forms with data-draft="key": text is kept in this browser until it is sent, and leaving asks first. Who signs out takes the
   own drafts along; those of strangers, who may sit at a shared machine, end sooner than those of colleagues. */
(() => {
  "use strict";

  const { word, toast, who } = window.huisheng;
  const AT_WORK = 14 * 864e5, OF_STRANGERS = 3 * 864e5;
  const slot = (form) => window.huisheng.slot("draft", form);
  const store = {
    get(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    set(key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or refused: the page works on */ }
    },
    drop(key) {
      try { localStorage.removeItem(key); } catch { /* refused */ }
    },
  };

  /* Never kept: hidden fields, passwords, files, and fields marked data-private. */
  const fields = (form) =>
    [...form.elements].filter((field) => field.name && !field.matches("[type=hidden], [type=password], [type=file], [data-private], button"));

  function values(form) {
    const kept = {};
    for (const field of fields(form)) {
      if (field.matches("[type=checkbox], [type=radio]")) {
        if (field.checked) (kept[field.name] ||= []).push(field.value);
      } else if (field.value) {
        kept[field.name] = field.value;
      }
    }
    return kept;
  }

  function fill(form, kept) {
    for (const field of fields(form)) {
      const value = kept[field.name];
      if (field.matches("[type=checkbox], [type=radio]")) field.checked = Array.isArray(value) && value.includes(field.value);
      else if (typeof value === "string") field.value = value;
    }
  }

  function restore(form) {
    const draft = store.get(slot(form));
    form.dataset.clean = JSON.stringify(values(form));
    if (!draft || form.querySelector("[aria-invalid]")) return;
    if (JSON.stringify(draft.values) === form.dataset.clean) return;
    fill(form, draft.values);
    if (form.closest("details")) form.closest("details").open = true;
    const time = new Date(draft.at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const box = toast(word("restored", { time }));
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "btn bare";
    discard.textContent = word("discard");
    discard.addEventListener("click", () => {
      fill(form, JSON.parse(form.dataset.clean));
      form.reset();
      unsaved = null;
      store.drop(slot(form));
      box.remove();
    });
    box.insertBefore(discard, box.lastChild);
  }

  const dirty = (form) => !form.dataset.sent && JSON.stringify(values(form)) !== form.dataset.clean;

  let timer, unsaved;
  function save() {
    clearTimeout(timer);
    if (unsaved && !unsaved.dataset.sent) store.set(slot(unsaved), { at: Date.now(), values: values(unsaved) });
    unsaved = null;
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.draft) return;
    if (unsaved !== form) save();
    unsaved = form;
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  });
  /* Closed, reloaded, or put aside by a phone right after the last word: that word is kept too. */
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  /* Whoever is signed out for having left is not asked: the text is kept and comes back. */
  let leaving = false;
  document.addEventListener("huisheng:leave", () => {
    leaving = true;
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      if (dirty(form)) store.set(slot(form), { at: Date.now(), values: values(form) });
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && [...document.querySelectorAll("form[data-draft]")].some(dirty)) event.preventDefault();
  });

  /* The draft goes only when it arrived: what was taken leads on to another page by itself, begun when the form was sent.
     A page that answers the form itself is a refusal (an error, too many attempts, a form grown old); after one without
     scripts (the server's fault, a proxy's) the next page is begun later, by a click. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.draft || event.defaultPrevented) return;
    form.dataset.sent = "1";
    if (unsaved === form) unsaved = null;
    store.set(slot(form), { at: Date.now(), values: values(form) });
    store.set("draft-sent", { slot: slot(form), at: Date.now() });
  });

  const AT_ONCE = 3000; /* ms from pressing to the beginning of the page that tells of it, on a slow phone */
  function arrived(sent) {
    const back = performance.getEntriesByType?.("navigation")[0]?.type === "back_forward";
    const begun = performance.timeOrigin || performance.timing.navigationStart;
    return !back && begun - sent.at < AT_ONCE && !document.querySelector("body[data-posted], [data-focus], [data-sign-in]");
  }
  window.huisheng.arrived = arrived;

  /* Sent by a script: the page that tells of it begins now. */
  document.addEventListener("huisheng:taken", () => {
    const sent = store.get("draft-sent");
    if (sent) store.set("draft-sent", { ...sent, at: Date.now() });
  });

  /* What is over, or with `mine` all of the person who signs out, leaves this browser. */
  function forget(mine = "") {
    let keys = [];
    try { keys = Object.keys(localStorage); } catch { /* refused */ }
    for (const key of keys.filter((one) => /^(draft|files):/.test(one))) {
      const longest = /^[a-z]+:\d+:/.test(key) ? AT_WORK : OF_STRANGERS;
      const at = store.get(key)?.at || 0;
      if (mine ? key.split(":")[1] + ":" === mine : Date.now() - at > longest) store.drop(key);
    }
  }
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.forget === undefined) return;
    clearTimeout(timer);
    unsaved = null;
    leaving = true;
    forget(who);
  });

  document.addEventListener("DOMContentLoaded", () => {
    forget();
    const sent = store.get("draft-sent");
    if (sent) {
      store.drop("draft-sent");
      if (arrived(sent)) store.drop(sent.slot);
    }
    document.querySelectorAll("form[data-draft]").forEach(restore);
  });
  document.addEventListener("htmx:load", (event) => {
    event.detail.elt.querySelectorAll?.("form[data-draft]").forEach((form) => form.dataset.clean || restore(form));
  });
})();
