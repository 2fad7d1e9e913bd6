/* A form with data-grid: rows are walked and added by keyboard. Loaded before drafts.js, so that a draft finds its rows. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-grid]");
  if (!form) return;
  document.documentElement.classList.add("scripted");
  const list = form.querySelector("[data-rows-of-grid]");
  const pattern = form.querySelector("template");
  const most = Number(form.dataset.grid);
  const rows = () => [...list.querySelectorAll("[data-row]")];
  const controls = (row) => [...row.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const plain = (name) => name.replace(/^r\d+-/, "");
  const number = (row) => Number((controls(row)[0]?.name.match(/^r(\d+)-/) || [0, -1])[1]);

  function add() {
    const next = Math.max(-1, ...rows().map(number)) + 1;
    if (next >= most) return null;
    const row = pattern.content.firstElementChild.cloneNode(true);
    for (const element of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const attribute of ["name", "id", "for", "aria-describedby"]) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replaceAll("r__", `r${next}`));
      }
    }
    list.append(row);
    return row;
  }

  const first = (row) => controls(row)[0];
  const typed = (row) => controls(row).some((one) => one.matches("textarea, input:not([type=date]):not([type=checkbox]):not([type=file])") && one.value.trim());

  function go(row, name) {
    const target = (name && controls(row).find((one) => plain(one.name) === name)) || first(row);
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("keydown", (event) => {
    const control = event.target;
    const row = control.closest?.("[data-row]");
    if (!row || event.isComposing || event.keyCode === 229) return;
    const all = rows();
    const index = all.indexOf(row);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit(form.querySelector("button[type=submit]"));
    } else if (event.key === "Enter" && !event.shiftKey && !control.matches("[type=file], [type=checkbox]")) {
      event.preventDefault();
      const next = all[index + 1] || add();
      if (next) go(next);
    } else if (event.key === "d" && event.ctrlKey && index > 0) {
      const above = controls(all[index - 1]).find((one) => plain(one.name) === plain(control.name));
      if (!above || control.matches("[type=file], [type=checkbox]")) return;
      event.preventDefault();
      control.value = above.value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (event.ctrlKey || event.altKey)) {
      const next = all[index + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      go(next, plain(control.name));
    }
  });

  form.querySelector("[data-more]")?.addEventListener("click", (event) => {
    const row = add();
    if (!row) return;
    event.preventDefault();
    go(row);
  });

  const told = form.querySelector("[data-typed]");
  const tell = () => (told.textContent = `${told.dataset.typed} ${rows().filter(typed).length}`);
  form.addEventListener("input", tell);

  /* Rows that a draft needs, and rows in error as the new draft: what was registered is not offered again. */
  try {
    const draft = JSON.parse(localStorage.getItem(window.huisheng.slot("draft", form)));
    const needed = Math.max(-1, ...Object.keys(draft?.values || {}).map((name) => Number((name.match(/^r(\d+)-/) || [0, -1])[1])));
    if (!form.querySelector("[aria-invalid], .entry.bad")) while (Math.max(-1, ...rows().map(number)) < needed && add());
  } catch { /* no draft, or not readable */ }
  addEventListener("load", () => {
    if (form.querySelector(".entry.bad")) first(rows()[0]).dispatchEvent(new Event("input", { bubbles: true }));
    tell();
  });
  if (!document.querySelector("[data-focus]") && !location.hash && rows()[0]) first(rows()[0]).focus();
})();
