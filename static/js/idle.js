/* Who has left is signed out, after a warning; whoever types or clicks in any tab is there (S-7). */
(() => {
  "use strict";

  const body = document.body;
  const dialog = document.getElementById("idle");
  const limit = Number(dialog?.dataset.minutes || 0) * 60000;
  if (!limit) return;
  const WARNING = Math.min(120000, limit / 2);
  const TELL = Math.min(60000, limit / 4);
  const left = dialog.querySelector("[data-left]");
  const token = () => JSON.parse(body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  const post = (url) => fetch(url, { method: "POST", headers: { "X-CSRFToken": token() }, credentials: "same-origin", keepalive: true });

  let mine = Date.now(), told = Date.now();
  /* The newest sign of life of all tabs. */
  const last = () => {
    try { return Math.max(mine, Number(localStorage.getItem("alive")) || 0); } catch { return mine; }
  };
  function alive() {
    mine = Date.now();
    try { localStorage.setItem("alive", String(mine)); } catch { /* refused: this tab counts alone */ }
  }

  async function stay() {
    alive();
    told = Date.now();
    if (dialog.open) dialog.close();
    const answer = await post(dialog.dataset.alive).catch(() => null);
    if (answer && answer.redirected) leave();
  }

  function leave() {
    document.dispatchEvent(new Event("huisheng:leave"));
    const here = location.pathname + location.search;
    post(dialog.dataset.out).catch(() => null).finally(() => {
      location.href = `${dialog.dataset.in}?next=${encodeURIComponent(here)}&idle=1`;
    });
  }

  for (const kind of ["keydown", "input", "pointerdown", "wheel", "touchstart"]) {
    document.addEventListener(kind, () => {
      if (dialog.open) return; /* while it asks, only its own button answers */
      alive();
      if (Date.now() - told > TELL) {
        told = Date.now();
        post(dialog.dataset.alive).catch(() => null);
      }
    }, { passive: true, capture: true });
  }
  dialog.querySelector("[data-stay-here]").addEventListener("click", stay);
  dialog.addEventListener("close", () => Date.now() - last() > limit - WARNING && stay());

  function look() {
    const rest = limit - (Date.now() - last());
    if (rest <= 0) return leave();
    if (rest > WARNING) {
      if (dialog.open) dialog.close();
    } else {
      const seconds = Math.ceil(rest / 1000);
      left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (!dialog.open) dialog.showModal();
    }
    setTimeout(look, dialog.open ? 1000 : Math.min(15000, Math.max(1000, rest - WARNING)));
  }
  alive();
  look();
})();
