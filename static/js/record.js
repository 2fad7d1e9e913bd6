/* A button with data-record inside a `.drop`: a few words spoken into the phone become a file of the form. */
(() => {
  "use strict";

  const { word, toast, addFiles } = window.huisheng;
  const LONGEST = 5 * 60;
  const KINDS = [["audio/webm;codecs=opus", "weba"], ["audio/mp4", "m4a"], ["audio/ogg;codecs=opus", "ogg"]];
  const can = Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

  function ready(where) {
    if (can) where.querySelectorAll("[data-record]").forEach((button) => (button.hidden = false));
  }
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-record]");
    if (!button) return;
    if (button.recorder) button.recorder.stop();
    else record(button);
  });

  async function record(button) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      toast(word("noMicrophone"), "bad");
      return;
    }
    const [kind, ending] = KINDS.find(([name]) => MediaRecorder.isTypeSupported(name)) || ["", "weba"];
    const recorder = new MediaRecorder(stream, { ...(kind && { mimeType: kind }), audioBitsPerSecond: 48000 });
    const label = button.querySelector("span");
    const usual = label.textContent, pieces = [], began = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      label.textContent = word("recording", { time: clock(seconds) });
      if (seconds >= LONGEST) recorder.stop();
    };
    button.recorder = recorder;
    button.setAttribute("aria-pressed", "true");
    tick();
    const timer = setInterval(tick, 500);
    recorder.addEventListener("dataavailable", (step) => pieces.push(step.data));
    recorder.addEventListener("stop", () => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      delete button.recorder;
      button.setAttribute("aria-pressed", "false");
      label.textContent = usual;
      const seconds = Math.round((Date.now() - began) / 1000);
      const type = kind.split(";")[0] || "audio/webm";
      const file = new File(pieces, `${word("voice")} ${clock(seconds).replace(":", "-")}.${ending}`, { type });
      if (!file.size) return;
      const reader = new FileReader(); /* a data address: the content policy refuses blob addresses */
      reader.addEventListener("load", () => {
        file.sound = reader.result;
        addFiles(button.closest(".drop"), [file]);
      });
      reader.readAsDataURL(file);
    });
    recorder.start(1000);
  }
})();
