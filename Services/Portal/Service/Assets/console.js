// The console where there are scripts: keys, the number of cases picked, news of new cases, smaller photos, the map, the way.
(() => {
  const rows = [...document.querySelectorAll(".cases tbody tr")];
  const search = document.getElementById("q");
  const help = document.getElementById("help");
  let at = -1;

  const move = (to) => {
    if (rows.length === 0) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    for (const row of rows) row.classList.toggle("here", row === rows[at]);
    const link = rows[at].querySelector(".head a");
    link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  for (const [index, row] of rows.entries()) row.addEventListener("focusin", () => { if (index !== at) { at = index; for (const other of rows) other.classList.toggle("here", other === row); } });
  const isTyping = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog");
  const keys = {
    j: () => move(at + 1), k: () => move(at - 1), o: () => rows[at] && rows[at].querySelector(".head a").click(),
    Enter: () => rows[at] && rows[at].querySelector(".head a").click(),
    x: () => { const box = rows[at] && rows[at].querySelector(".pick input"); if (box) box.click(); },
    "/": () => search && (search.focus(), search.select()), "?": () => help && help.showModal(),
    u: () => { const up = document.querySelector(".crumb a"); if (up) up.click(); },
    a: () => { const first = document.querySelector("#actions summary"); if (first) { first.focus(); first.scrollIntoView({ block: "center" }); } },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    // Who pressed Enter on a link or a button meant that.
    if (event.key === "Enter" && event.target.closest("a, button, summary, input")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const boxes = [...document.querySelectorAll(".cases .pick input[name=case]")];
  const picked = document.getElementById("picked");
  const all = document.getElementById("pick-all");
  if (picked && boxes.length > 0) {
    const none = picked.textContent;
    const send = document.querySelector("#batch button");
    const count = () => {
      const number = boxes.filter((box) => box.checked).length;
      picked.textContent = number === 0 ? none : picked.dataset.words.replace("{count}", number);
      send.disabled = number === 0;
      if (all) { all.checked = number === boxes.length; all.indeterminate = number > 0 && number < boxes.length; }
    };
    if (all) { all.hidden = false; all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; count(); }); }
    for (const box of boxes) box.addEventListener("change", count);
    count();
  }
  const filters = document.querySelector(".filters");
  if (filters && matchMedia("(min-width: 60rem)").matches) filters.open = true;

  // New cases are announced, and shown when somebody wants it: nothing moves under the hand.
  const news = document.getElementById("news");
  if (news && self.EventSource) {
    const wanted = new Set(news.dataset.live.split(" "));
    const known = new Set(rows.map((row) => row.dataset.case));
    const fresh = new Set();
    const feed = new EventSource("/v1/feed");
    feed.addEventListener("step", (event) => {
      const step = JSON.parse(event.data);
      const { community, unit, handler } = news.dataset;
      if (!wanted.has(step.type) || known.has(step.caseId)) return;
      if ((community && step.communityId !== community) || (unit && step.ownerUnitId !== unit) || (handler && step.handlerId !== handler)) return;
      fresh.add(step.caseId);
      news.querySelector("a").textContent = news.dataset.words.replace("{count}", fresh.size);
      news.hidden = false;
    });
    addEventListener("pagehide", () => feed.close());
  }

  // Smaller than a camera makes them, as on the page for reports.
  const smaller = async (file) => {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, 1920 / Math.max(image.width, image.height));
    if (scale === 1 && file.size < 1000000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return new File([blob], "photo.jpg", { type: "image/jpeg" });
  };
  for (const chooser of document.querySelectorAll("input[type=file][name=photo]")) chooser.addEventListener("change", async () => {
    const kept = new DataTransfer();
    for (const file of [...chooser.files].slice(0, 6)) {
      try { kept.items.add(await smaller(file)); } catch (error) { kept.items.add(file); }
    }
    chooser.files = kept.files;
  });
  // One press is one command, whatever the thumb does: the key in the form would see to it, too.
  for (const form of document.querySelectorAll("form[method=post]")) form.addEventListener("submit", () => {
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
  });

  const map = document.getElementById("case-map");
  if (map && self.L) {
    map.hidden = false;
    const place = [Number(map.dataset.latitude), Number(map.dataset.longitude)];
    const shown = L.map(map, { attributionControl: Boolean(map.dataset.credit), fadeAnimation: false, zoomAnimation: false, scrollWheelZoom: false }).setView(place, 16);
    if (map.dataset.tiles) L.tileLayer(map.dataset.tiles, { attribution: map.dataset.credit, maxZoom: 19 }).addTo(shown);
    const pin = L.divIcon({ className: "pin", iconSize: [36, 36], iconAnchor: [18, 34],
      html: '<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M12 22s8-7 8-12.500a8 8 0 0 0-16 0C4 15 12 22 12 22z"/><circle cx="12" cy="9.500" r="3" fill="#fff"/></svg>' });
    L.marker(place, { icon: pin, keyboard: false, interactive: false }).addTo(shown);
    fetch("/map/communities.json").then((answer) => answer.json()).then((outlines) => {
      const name = (layer, text, className, direction) => {
        const label = document.createElement("span");
        label.textContent = text;
        layer.bindTooltip(label, { permanent: true, direction, className, interactive: false });
      };
      L.geoJSON(outlines, { style: { color: "#0b5d51", weight: 2, fillOpacity: 0.08 }, interactive: false,
        pointToLayer: (feature, spot) => L.circleMarker(spot, { radius: 3, color: "#17332e", weight: 1, fillOpacity: 1, interactive: false }),
        onEachFeature: (feature, layer) => { if (feature.geometry.type === "Point") name(layer, feature.properties.name, "landmark", "right"); } }).addTo(shown);
    }).catch(() => {});
  }

  const near = document.getElementById("near");
  if (near) {
    const button = document.getElementById("near-me");
    const state = document.getElementById("near-state");
    near.querySelector("select").addEventListener("change", () => near.requestSubmit());
    near.querySelector(".go").hidden = true;
    if (!navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      state.textContent = near.dataset.seeking;
      navigator.geolocation.getCurrentPosition((found) => {
        for (const [name, value] of [["latitude", found.coords.latitude], ["longitude", found.coords.longitude]]) {
          near.elements[name].disabled = false;
          near.elements[name].value = value.toFixed(5);
        }
        near.submit();
      }, () => { state.textContent = near.dataset.denied; }, { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 });
    });
  }
})();
