// The report as a draft: kept first, then sent, so that nothing is lost at a red light.
(() => {
  const form = document.getElementById("report");
  if (!form) return;
  // The photo's own field is only needed where nothing shows what was chosen.
  form.classList.add("scripted");
  const person = document.body.dataset.person;
  const told = document.getElementById("told");
  const pictures = document.getElementById("pictures");
  const chooser = form.elements.photo;
  const most = 6, widest = 1920;
  let photos = [], nonce = null;
  // The page may come from the browser's own shelf, and have been used before.
  form.elements.key.value = crypto.randomUUID();

  const say = (words) => { told.textContent = words; told.hidden = !words; if (words) told.scrollIntoView({ block: "center" }); };
  const headers = async () => ({ "X-Form-Token": form.elements.formToken.value, Accept: "application/json" });

  // Smaller than a camera makes them: enough to see what is wrong, and they go through a bad net.
  const smaller = async (file) => {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, widest / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  };
  const draw = () => {
    pictures.hidden = photos.length === 0;
    pictures.replaceChildren(...photos.map((photo, index) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.src = URL.createObjectURL(photo);
      image.alt = `${form.dataset.photo} ${index + 1}`;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = form.dataset.remove;
      remove.setAttribute("aria-label", `${form.dataset.remove} ${index + 1}`);
      remove.addEventListener("click", () => { photos = photos.filter((other) => other !== photo); draw(); });
      item.append(image, remove);
      return item;
    }));
  };
  chooser.addEventListener("change", async () => {
    for (const file of [...chooser.files]) {
      if (photos.length >= most) break;
      try { photos.push(await smaller(file)); } catch (error) { photos.push(file); }
    }
    chooser.value = "";
    draw();
  });

  // Says when the form was opened, by the server's word; without a net there is none.
  headers().then((sent) => fetch("/v1/captures", { method: "POST", headers: sent })).then((answer) => answer.ok ? answer.json() : null)
    .then((answer) => { nonce = answer && answer.nonce; }).catch(() => {});

  const nearby = document.getElementById("nearby");
  const suggest = async () => {
    const query = new URLSearchParams({ latitude: form.elements.latitude.value, longitude: form.elements.longitude.value });
    const answer = await fetch(`/v1/reports/nearby?${query}`, { headers: await headers() });
    if (!answer.ok) return;
    const cases = (await answer.json()).items.slice(0, 3);
    nearby.hidden = cases.length === 0;
    nearby.querySelector("ul").replaceChildren(...cases.map((known) => {
      const item = document.createElement("li");
      const words = document.createElement("span");
      words.textContent = `${known.description} · ${known.distance} ${form.dataset.metres}`;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = form.dataset.support;
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        const isOn = form.elements.supports.value === known.caseId;
        for (const other of nearby.querySelectorAll("button")) { other.setAttribute("aria-pressed", "false"); other.textContent = form.dataset.support; }
        form.elements.supports.value = isOn ? "" : known.caseId;
        if (isOn) return;
        button.setAttribute("aria-pressed", "true");
        button.textContent = form.dataset.supporting;
        if (!form.elements.description.value) form.elements.description.value = known.description;
      });
      item.append(words, button);
      return item;
    }));
  };
  if (form.elements.kind.value === "snapshot") form.addEventListener("placed", () => suggest().catch(() => {}));

  // What the pack asks about the category that is chosen, and nothing else.
  const questions = document.getElementById("questions");
  const asked = () => {
    const chosen = form.querySelector("input[name=category]:checked");
    return questions ? [...questions.querySelectorAll("[data-about]")].filter((one) => chosen && one.dataset.about.split(" ").includes(chosen.value)) : [];
  };
  const showQuestions = () => {
    if (!questions) return;
    const fitting = asked();
    for (const one of questions.querySelectorAll("[data-about]")) one.hidden = !fitting.includes(one);
    questions.hidden = fitting.length === 0;
    questions.open = fitting.length > 0;
  };
  form.addEventListener("change", (event) => { if (event.target.name === "category") showQuestions(); });
  showQuestions();
  const answers = () => {
    const given = {};
    for (const one of asked()) {
      const { code, type } = one.dataset;
      if (!code) continue;
      const values = [...one.querySelectorAll("input, textarea")].filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
        .map((field) => field.value.trim()).filter((value) => value);
      if (values.length === 0) continue;
      given[code] = type === "multivaluelist" ? values : type === "datetime" ? new Date(values[0]).toISOString() : values[0];
    }
    return given;
  };

  const report = () => {
    const data = new FormData(form);
    const made = { kind: data.get("kind") };
    if (data.get("latitude")) made.location = { latitude: Number(data.get("latitude")), longitude: Number(data.get("longitude")), datum: "wgs84" };
    else if (data.get("landmark")) made.landmark = data.get("landmark");
    const chosen = form.querySelector("input[name=category]:checked");
    if (chosen) made.category = chosen.value;
    made.description = data.get("description").trim() || (chosen ? chosen.nextElementSibling.textContent : form.dataset.seePhoto);
    const given = answers();
    if (Object.keys(given).length > 0) made.answers = given;
    if (data.get("identity") !== "pseudonymous") made.identity = data.get("identity");
    if (data.get("supports")) made.supports = data.get("supports");
    const capture = {};
    if (nonce) capture.nonce = nonce;
    if (form.fix) {
      capture.capturedAt = new Date(form.fix.at).toISOString();
      capture.location = made.location;
      if (form.fix.accuracy !== null) capture.accuracy = form.fix.accuracy;
      if (form.fix.speed !== null) capture.speed = form.fix.speed;
    }
    if (Object.keys(capture).length > 0) made.capture = capture;
    return made;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const made = report();
    if (!made.location && !made.landmark) return say(form.dataset.needsPlace);
    if (photos.length === 0 && !form.sound && !form.elements.description.value.trim() && !made.category) return say(form.dataset.needsSomething);
    say("");
    const button = form.querySelector(".send button");
    button.disabled = true;
    await Drafts.keep({ key: form.elements.key.value, subject: person, report: made, photos, sound: form.sound || null, madeAt: Date.now() });
    let outcome = null;
    try { outcome = (await Drafts.send()).find((one) => one.key === form.elements.key.value); } catch (error) { outcome = null; }
    if (outcome && outcome.refused) {
      await Drafts.forget(form.elements.key.value);
      form.elements.key.value = crypto.randomUUID();
      button.disabled = false;
      return say(outcome.refused);
    }
    if (outcome && outcome.sent) return location.assign(`/me?sent=${outcome.sent.reportId}`);
    try {
      const worker = await navigator.serviceWorker.getRegistration();
      if (worker && worker.sync) await worker.sync.register("drafts");
    } catch (error) { /* Then it is sent when a page is open again. */ }
    location.assign("/report");
  });
})();
