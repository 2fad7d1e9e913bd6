/* A `.drop` around a file input: drop, paste, previews, removal, and progress while the form is sent.
   Without this script the input and a plain multipart form do the same work. */
(() => {
  "use strict";

  const { word, toast } = window.huisheng;
  const MB = 1024 * 1024;
  const TOLD = "told-after-upload";
  /* Leaves a note for the next page and gives back the last one; in a frame of another site nothing may be kept. */
  function told(note) {
    try {
      const last = sessionStorage.getItem(TOLD);
      sessionStorage.setItem(TOLD, note);
      return last;
    } catch { return null; }
  }
  const size = (bytes) => (bytes < MB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MB).toFixed(1)} MB`);

  function listOf(drop) {
    let list = drop.parentElement.querySelector(".files[data-chosen]");
    if (!list) {
      list = document.createElement("ul");
      list.className = "files";
      list.dataset.chosen = "";
      list.setAttribute("role", "list");
      drop.after(list);
    }
    return list;
  }

  function put(input, files) {
    const bag = new DataTransfer();
    files.forEach((file) => bag.items.add(file));
    input.files = bag.files;
  }

  function add(drop, incoming) {
    if (drop.dataset.uploads && window.huisheng.resume) return window.huisheng.resume.add(drop, incoming);
    const input = drop.querySelector("input[type=file]");
    const most = Number(drop.dataset.maxFiles || 9);
    const limit = Number(drop.dataset.maxMb || 0) * MB;
    const kept = input.multiple ? [...(drop.chosen || [])] : [];
    for (const file of incoming) {
      if (limit && file.size > limit) toast(word("tooBig", { name: file.name, limit: size(limit) }), "bad");
      else if (kept.length >= most) toast(word("tooMany", { limit: most }), "bad");
      else if (!kept.some((other) => other.name === file.name && other.size === file.size)) kept.push(file);
    }
    drop.chosen = kept;
    put(input, kept);
    draw(drop);
  }

  function preview(file, thumb) {
    if (!file?.type.startsWith("image/") || file.size >= 8 * MB) return;
    const image = document.createElement("img");
    image.alt = "";
    image.addEventListener("error", () => image.remove());
    const reader = new FileReader(); /* a data address: the content policy refuses blob addresses */
    reader.addEventListener("load", () => (image.src = reader.result));
    reader.readAsDataURL(file);
    thumb.append(image);
  }

  function draw(drop) {
    const list = listOf(drop);
    list.replaceChildren(...drop.chosen.map((file) => {
      const row = document.createElement("li");
      const thumb = document.createElement("span");
      thumb.className = "thumb";
      preview(file, thumb);
      const text = document.createElement("span");
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = file.name;
      const note = document.createElement("small");
      note.textContent = size(file.size);
      text.append(name, note);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn bare icon-only small";
      remove.setAttribute("aria-label", word("remove", { name: file.name }));
      remove.textContent = "×";
      remove.addEventListener("click", () => {
        drop.chosen = drop.chosen.filter((other) => other !== file);
        put(drop.querySelector("input[type=file]"), drop.chosen);
        draw(drop);
        drop.querySelector("input[type=file]").focus();
      });
      row.append(thumb, text, remove);
      return row;
    }));
  }

  /* The browser's own button speaks the browser's language, and its width cannot be had: a label stands in for it. */
  function dress(where) {
    for (const label of where.querySelectorAll(".drop [data-pick]")) {
      label.hidden = false;
      label.control.classList.add("sr");
    }
  }
  dress(document);
  Object.assign(window.huisheng, { size, listOf, preview, addFiles: add });

  const dropOf = (target) => target.closest?.(".drop");
  /* A file let go beside the area is meant for it: the browser would open it in the place of the form. */
  function aimed(event) {
    const all = document.querySelectorAll(".drop");
    return dropOf(event.target) || (all.length === 1 && event.dataTransfer?.types.includes("Files") ? all[0] : null);
  }
  document.addEventListener("change", (event) => {
    const drop = event.target.matches("input[type=file]") && dropOf(event.target);
    if (!drop) return;
    const chosen = [...event.target.files];
    if (event.target !== drop.querySelector("input[type=file]") || drop.dataset.uploads) event.target.value = "";
    add(drop, chosen);
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const drop = aimed(event);
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") add(drop, [...event.dataTransfer.files]);
    });
  }
  document.addEventListener("paste", (event) => {
    const form = event.target.closest?.("form");
    const drop = form?.querySelector(".drop");
    const files = [...(event.clipboardData?.files || [])];
    if (drop && files.length) {
      event.preventDefault();
      add(drop, files);
    }
  });

  /* Progress: the same request the browser would send, by XMLHttpRequest, then its answer becomes the page. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const drops = [...form.querySelectorAll(".drop")].filter((drop) => drop.chosen?.length);
    if (event.defaultPrevented || !drops.length || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const data = new FormData(form, event.submitter);
    const note = document.createElement("p");
    note.setAttribute("role", "status");
    drops[0].after(note);
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) note.textContent = word("uploading", { percent: Math.round((100 * step.loaded) / step.total) });
    });
    const failed = () => {
      note.remove();
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
      toast(word("uploadFailed"), "bad");
    };
    request.addEventListener("error", failed);
    request.addEventListener("timeout", failed);
    request.addEventListener("load", () => {
      if (request.status >= 500) return failed();
      const target = new URL(request.responseURL || form.action);
      const fresh = new DOMParser().parseFromString(request.responseText, "text/html");
      if (target.pathname !== new URL(form.action).pathname) {
        /* The answer was read here, with what it tells once; the page that comes tells it. */
        told(JSON.stringify([...fresh.querySelectorAll("[data-toast]")].map((box) => box.textContent.trim())));
        document.dispatchEvent(new Event("huisheng:taken"));
        return location.assign(target);
      }
      /* The same address again: a form in error. Its text comes back from the server. */
      const main = fresh.querySelector("main");
      if (!main) return failed();
      document.querySelector("main").replaceWith(main);
      document.title = fresh.title;
      const next = main.querySelector(".drop");
      dress(main);
      window.htmx?.process(main);
      if (next && !("keeps" in next.dataset)) add(next, drops[0].chosen); /* else the server kept them, and lists them */
      main.querySelector("[data-focus]")?.focus();
    });
    request.open("POST", form.action);
    request.send(data);
  });

  document.addEventListener("DOMContentLoaded", () => {
    JSON.parse(told("") || "[]").forEach((text) => toast(text));
  });
})();
