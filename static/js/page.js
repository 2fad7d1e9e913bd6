/* What every page gains when scripts run: toasts, dialogs, theme, copy, print, error focus, one submission. */
(() => {
  "use strict";

  const words = JSON.parse(document.querySelector("script#words")?.textContent || "{}");
  const word = (key, values = {}) =>
    (words[key] || key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "").replace(/%%/g, "%");

  function toast(text, tone = "") {
    const box = document.createElement("div");
    box.className = "toast";
    if (tone === "bad") box.setAttribute("role", "alert");
    const line = document.createElement("span");
    line.className = "grow";
    line.textContent = text;
    box.append(line);
    document.getElementById("toasts")?.append(box);
    settle(box);
    return box;
  }

  /* A toast gets a way to close it; only plain ones that offer nothing leave by themselves, and never under the pointer or focus. */
  function settle(box) {
    if (box.dataset.settled) return;
    box.dataset.settled = "1";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn bare icon-only";
    close.setAttribute("aria-label", word("close"));
    close.textContent = "×";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    if (box.getAttribute("role") === "alert") return;
    const leave = () => (box.matches(":hover, :focus-within") || box.children.length > 2 ? setTimeout(leave, 2000) : box.remove());
    setTimeout(leave, 8000);
  }

  /* Where this browser keeps something of a form: at work each person's own, so that the next one at the desk sees none of it. */
  const person = document.querySelector("[data-who]")?.dataset.who;
  const who = person ? `${person}:` : "";
  const slot = (kind, form) => `${kind}:${who}${form.dataset.draft}`;

  window.huisheng = { word, toast, who, slot };

  function ready(root) {
    root.querySelectorAll("[data-toast]").forEach(settle);
    root.querySelectorAll("[data-copy], [data-print], [data-palette]").forEach((control) => (control.hidden = false));
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-copy], [data-print], [data-opens], [data-closes], [data-confirm]");
    document.querySelectorAll("details.drop-down[open]").forEach((open) => {
      if (!open.contains(event.target)) open.open = false;
    });
    if (!control) return;
    if (control.dataset.confirm && !window.confirm(control.dataset.confirm)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (control.dataset.copy !== undefined) {
      const source = control.dataset.copy.startsWith("#") ? document.querySelector(control.dataset.copy) : null;
      const text = source ? (source.value ?? source.textContent).trim() : control.dataset.copy;
      copy(text).then(() => toast(word("copied")));
    }
    if (control.dataset.print !== undefined) window.print();
    if (control.dataset.opens) document.querySelector(control.dataset.opens)?.showModal();
    if (control.dataset.closes !== undefined) control.closest("dialog")?.close();
  }, true);

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
  }

  /* An error summary's link moves the focus into its field, groups included. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".errors a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea") || field).focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.drop-down[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  /* A page that answers a form takes the place of the form's own page, so that going back or reloading asks for that one
     instead of the error "form resubmission". What was typed counts as typed: the browser brings it back as after any visit. */
  if (document.body.hasAttribute("data-posted")) {
    const before = document.referrer && new URL(document.referrer);
    history.replaceState(history.state, "", before?.origin === location.origin ? before.href : location.href);
    for (const field of document.querySelectorAll("textarea, input:not([type=hidden], [type=file], [type=password])")) {
      if (!field.matches("[type=checkbox], [type=radio]")) field.value = `${field.value}`;
    }
  }

  /* A form is sent once; the pressed button says so. Forms marked data-plain or sent by htmx are left alone. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[data-plain], [hx-post], [hx-get], [method='get'], [method='dialog']")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    (event.submitter || form.querySelector("[type='submit'], button:not([type])"))?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    });
  });

  /* Theme without loading the page again. The cookie is the same one the server reads. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; samesite=lax; max-age=${theme ? 31536000 : 0}${secure}`;
    document.querySelectorAll("[data-theme-switch] button").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === theme));
    });
  });

  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-all]");
    if (!all) return;
    document.getElementsByName(all.dataset.all).forEach((box) => (box.checked = all.checked));
  });

  /* What stands beside a choice (data-beside="its name" data-of="its value"): the part of what is chosen is unfolded. */
  document.addEventListener("change", (event) => {
    const parts = [...document.querySelectorAll("details[data-beside]")].filter((part) => part.dataset.beside === event.target.name);
    if (!parts.some((part) => part.dataset.of === event.target.value)) return;
    parts.forEach((part) => (part.open = part.dataset.of === event.target.value));
  });

  window.addEventListener("offline", () => toast(word("offline"), "bad"));
  window.addEventListener("online", () => toast(word("online")));
  /* What asks by itself every few seconds (data-quiet) does not complain: the next time may do. */
  for (const kind of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(kind, (event) => event.detail.elt.matches("[data-quiet]") || toast(word("failed"), "bad"));
  }
  /* And it is no sign that somebody sits here. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.matches("[data-quiet]")) event.detail.headers["X-Quiet"] = "1";
  });
  /* What is asked while one types and comes back the same leaves an answer open that one has opened. */
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.requestConfig.elt.matches("[data-quiet]:not([hx-swap])")) return;
    const fresh = new DOMParser().parseFromString(detail.serverResponse, "text/html").body;
    if (fresh.textContent.trim() === detail.target.textContent.trim()) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
  document.addEventListener("DOMContentLoaded", () => ready(document));

  /* A select of groups that follows another: only the group whose name is chosen there is offered. */
  for (const select of document.querySelectorAll("select[data-within]")) {
    const above = document.querySelector(select.dataset.within);
    const groups = [...select.querySelectorAll("optgroup")];
    const follow = () => {
      const wanted = above.value && above.selectedOptions[0].text;
      const kept = groups.filter((group) => !wanted || group.label === wanted);
      groups.forEach((group) => group.remove());
      select.append(...kept);
      if (!kept.some((group) => [...group.children].some((option) => option.selected))) select.value = "";
    };
    above.addEventListener("change", follow);
    follow();
  }
})();
