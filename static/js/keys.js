/* Keyboard for the work pages. A control says its key by data-key="r"; rows are those of a table marked data-rows. */
(() => {
  "use strict";

  const { word } = window.huisheng;
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const shown = (element) => element.getClientRects().length > 0 && !element.disabled;
  const reachable = (element) => shown(element) || element.matches("summary"); /* what it lies in is unfolded first */
  const name = (element) => (element.getAttribute("aria-label") || element.dataset.name || element.textContent || "").trim().replace(/\s+/g, " ");

  /* A summary is unfolded, also where it lies in something folded; a kind of message is chosen; then one can type. */
  function act(control) {
    if (control.matches("summary")) {
      for (let fold = control.parentElement; fold; fold = fold.parentElement.closest("details")) fold.open = true;
      control.scrollIntoView({ block: "nearest" });
      (control.parentElement.querySelector("form :is(select, textarea, input:not([type=hidden]))") || control).focus();
    } else if (control.matches("[type=radio]")) {
      control.click();
      control.form.querySelector("textarea")?.focus();
    } else if (control.matches("input:not([type=submit]), textarea, select")) {
      control.focus();
      control.select?.();
    } else {
      control.click();
    }
  }

  /* The row under the keys carries class `at`; it takes the focus by its link, so that readers follow. A list that was
     refreshed has new rows, of which only the focus tells where one was. */
  function step(by) {
    const rows = [...document.querySelectorAll("[data-rows] tbody tr, [data-rows] > li")];
    if (!rows.length) return false;
    const now = rows.findIndex((row) => row.classList.contains("at") || row.contains(document.activeElement));
    const next = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
    rows.forEach((row) => row.classList.toggle("at", row === next));
    next.querySelector("a.subject, a")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  /* The palette lists the places of the rail and every control that has a key on this page. */
  function commands() {
    const places = [...document.querySelectorAll(".rail > a.go, .rail > .group a.go")].map((link) => ({
      text: name(link.querySelector(".word")), run: () => (location.href = link.href),
    }));
    const controls = [...document.querySelectorAll("main [data-key]")].filter(reachable).map((control) => ({
      text: name(control), key: control.dataset.key, run: () => act(control),
    }));
    return [...controls, ...places].filter((command) => command.text);
  }

  const palette = document.getElementById("palette");
  const input = document.getElementById("palette-input");
  const list = document.getElementById("palette-list");
  let found = [];
  let chosen = 0;

  function draw() {
    const wanted = input.value.trim().toLowerCase();
    found = commands().filter((command) => command.text.toLowerCase().includes(wanted)).slice(0, 10);
    chosen = Math.min(chosen, Math.max(0, found.length - 1));
    list.replaceChildren(...found.map((command, index) => {
      const row = document.createElement("button");
      row.type = "button";
      row.id = `palette-${index}`;
      row.tabIndex = -1;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(index === chosen));
      row.textContent = command.text;
      if (command.key) {
        const key = document.createElement("kbd");
        key.textContent = command.key;
        row.append(key);
      }
      row.addEventListener("click", () => run(index));
      return row;
    }));
    if (!found.length) {
      const none = document.createElement("p");
      none.className = "quiet";
      none.textContent = word("noMatch");
      list.append(none);
    }
    input.setAttribute("aria-activedescendant", found.length ? `palette-${chosen}` : "");
  }

  function run(index) {
    const command = found[index];
    palette.close();
    command?.run();
  }

  function open() {
    input.value = "";
    chosen = 0;
    palette.showModal();
    draw();
  }

  input?.addEventListener("input", () => { chosen = 0; draw(); });
  input?.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(1, found.length);
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    }
  });
  document.querySelector("[data-palette]")?.addEventListener("click", open);

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette && !palette.open) open();
      return;
    }
    if (control && event.key === "Enter") {
      const form = event.target.closest("form");
      if (form && event.target.matches("textarea")) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[data-send]") || form.querySelector("button.primary") || undefined);
      }
      return;
    }
    if (control || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      document.getElementById("shortcuts")?.showModal();
    } else if (event.key === "j" || event.key === "k") {
      if (step(event.key === "j" ? 1 : -1)) event.preventDefault();
    } else if (event.key === "Enter") {
      if (event.target === document.body) document.querySelector("tr.at a.subject, li.at a")?.click();
    } else if (event.key.length === 1) {
      const target = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(reachable);
      if (target) {
        event.preventDefault();
        act(target);
      }
    }
  });

  /* An address that leads to a folded move finds it unfolded, once the browser has gone there itself. */
  const led = location.hash && document.getElementById(location.hash.slice(1));
  if (led && led.matches("details")) addEventListener("load", () => setTimeout(() => act(led.querySelector("summary"))));
})();
