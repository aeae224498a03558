// A voice note: recorded here as 16-bit WAV at 16 kHz, at most a minute.
(() => {
  const form = document.getElementById("report");
  const button = document.getElementById("record");
  const place = document.getElementById("sound");
  if (!button || !navigator.mediaDevices || !self.AudioWorkletNode) return;
  button.hidden = false;
  let running = null;

  const wav = (pieces, rate) => {
    const count = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const view = new DataView(new ArrayBuffer(44 + 2 * count));
    const text = (at, words) => [...words].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
    text(0, "RIFF"); view.setUint32(4, 36 + 2 * count, true); text(8, "WAVEfmt "); view.setUint32(16, 16, true);
    view.setUint16(20, 1, true); view.setUint16(22, 1, true); view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true);
    view.setUint16(32, 2, true); view.setUint16(34, 16, true); text(36, "data"); view.setUint32(40, 2 * count, true);
    let at = 44;
    for (const piece of pieces) for (const value of piece) { view.setInt16(at, Math.max(-1, Math.min(1, value)) * 32767, true); at += 2; }
    return new Blob([view], { type: "audio/wav" });
  };
  const stop = async () => {
    const { stream, context, pieces, timer } = running;
    running = null;
    clearTimeout(timer);
    stream.getTracks().forEach((track) => track.stop());
    await context.close();
    button.textContent = form.dataset.record;
    button.setAttribute("aria-pressed", "false");
    if (pieces.length === 0) return;
    form.sound = wav(pieces, context.sampleRate);
    const player = document.createElement("audio");
    player.controls = true;
    player.src = URL.createObjectURL(form.sound);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = form.dataset.remove;
    remove.addEventListener("click", () => { form.sound = null; place.replaceChildren(); });
    place.replaceChildren(player, remove);
  };
  button.addEventListener("click", async () => {
    if (running) { await stop(); return; }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const context = new AudioContext({ sampleRate: 16000 });
      await context.audioWorklet.addModule(form.dataset.worklet);
      const tap = new AudioWorkletNode(context, "tap");
      const pieces = [];
      tap.port.onmessage = (event) => pieces.push(event.data);
      context.createMediaStreamSource(stream).connect(tap);
      running = { stream, context, pieces, timer: setTimeout(stop, 60000) };
      button.textContent = form.dataset.stop;
      button.setAttribute("aria-pressed", "true");
    } catch (error) { place.textContent = form.dataset.noSound; }
  });
})();
