/* <script src="…/widget.js" defer data-nature="complaint" data-place="…" data-label="…" data-language="en"></script>
   A button at the lower right that opens the feedback form in a frame. Nothing of the page around it is read. */
(() => {
  "use strict";

  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const asked = script.dataset;
  const english = (asked.language || document.documentElement.lang || navigator.language).toLowerCase().startsWith("en");
  const words = english ? { open: "Feedback", close: "Close", title: "Give feedback" } : { open: "意见反馈", close: "关闭", title: "我要反馈" };
  const address = new URL("{% url "feedback:embed" %}", home);
  address.searchParams.set("language", english ? "en" : "zh-hans");
  for (const name of ["nature", "place"]) if (asked[name]) address.searchParams.set(name, asked[name]);

  const dress = (element, rules) => { Object.assign(element.style, rules); return element; };
  const button = dress(document.createElement("button"), {
    position: "fixed", right: "16px", bottom: "16px", zIndex: "2147483000", minHeight: "44px", padding: "0 18px", border: "0",
    borderRadius: "6px", background: "#0f766e", color: "#fff", font: "600 16px/1.4 system-ui, sans-serif", cursor: "pointer",
  });
  button.type = "button";
  button.textContent = asked.label || words.open;
  button.setAttribute("aria-expanded", "false");

  let frame;
  function open() {
    frame ||= document.body.appendChild(dress(document.createElement("iframe"), {
      position: "fixed", right: "8px", bottom: "72px", zIndex: "2147483000", width: "min(28rem, calc(100vw - 16px))",
      height: "min(46rem, calc(100vh - 88px))", border: "1px solid #8a94a3", borderRadius: "6px", background: "#fff",
      boxShadow: "0 8px 32px rgb(0 0 0 / .2)",
    }));
    frame.title = words.title;
    frame.allow = "microphone; camera";
    frame.referrerPolicy = "origin";
    if (!frame.src) frame.src = address.href;
    frame.hidden = false;
    frame.focus();
  }
  function toggle(on) {
    if (on) open();
    else if (frame) frame.hidden = true;
    button.setAttribute("aria-expanded", String(on));
    button.textContent = on ? words.close : asked.label || words.open;
  }
  button.addEventListener("click", () => toggle(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") { toggle(false); button.focus(); }
  });
  document.body.append(button);
})();
