// The staff's map: asks for what lies in view, and shows it as cases in clusters, as squares with counts, or as heat.
(() => {
  const field = document.getElementById("case-map");
  if (!field || !self.MapBase) return;
  const words = field.dataset;
  const tools = document.getElementById("map-tools");
  const state = document.getElementById("map-state");
  const { map, outlined } = MapBase.make(field);
  const single = L.markerClusterGroup ? L.markerClusterGroup({ maxClusterRadius: 48, animate: false, showCoverageOnHover: false, chunkedLoading: true,
    iconCreateFunction: (cluster) => bubble(cluster.getChildCount(), cluster.getAllChildMarkers().some((one) => one.options.isLate)) }) : L.layerGroup();
  const squares = L.layerGroup();
  const heat = new HeatLayer();
  let as = "cases", asked = null;

  const bubble = (count, isLate) => {
    const size = count < 10 ? 34 : count < 100 ? 42 : 52;
    const face = document.createElement("span");
    face.textContent = count;
    return L.divIcon({ html: face, className: isLate ? "bubble late" : "bubble", iconSize: [size, size] });
  };
  const told = (made, properties) => {
    const line = (name, text, className) => {
      if (!text) return;
      const part = document.createElement(name);
      part.textContent = text;
      if (className) part.className = className;
      made.append(part);
    };
    line("strong", properties.category);
    line("p", `${properties.stage}${properties.late ? ` · ${properties.late}` : ""}`, properties.late ? "late" : "");
    line("p", `${properties.community} · ${properties.number}`, "meta");
    line("p", properties.deadline && `${words.until} ${properties.deadline}`, "meta");
    const link = document.createElement("a");
    link.className = "button";
    link.href = `/console/cases/${encodeURIComponent(properties.id)}`;
    link.textContent = words.open;
    made.append(link);
    return made;
  };
  const marker = (feature) => {
    const [longitude, latitude] = feature.geometry.coordinates;
    const properties = feature.properties;
    const made = L.marker([latitude, longitude], { isLate: Boolean(properties.late), title: `${properties.category} · ${properties.stage}${properties.late ? ` · ${properties.late}` : ""}`,
      icon: L.divIcon({ className: `place-dot tone-${properties.tone}`, iconSize: [22, 22] }) });
    made.bindPopup(() => told(document.createElement("div"), properties));
    return made;
  };
  const square = (feature, side, most) => {
    const [longitude, latitude] = feature.geometry.coordinates;
    const { cases, overdue } = feature.properties;
    const bounds = [[latitude - side / 2, longitude - side / 2], [latitude + side / 2, longitude + side / 2]];
    const made = L.rectangle(bounds, { className: "square", color: overdue > 0 ? "#a3231c" : "#0b5d51", weight: 1, fillOpacity: 0.15 + 0.65 * Math.sqrt(cases / most) });
    const label = document.createElement("span");
    label.textContent = `${cases} ${words.cases}${overdue > 0 ? ` · ${overdue} ${words.overdue}` : ""}`;
    made.bindTooltip(label);
    made.on("click", () => map.fitBounds(bounds));
    return made;
  };
  const show = (answer) => {
    const counts = answer.features.map((feature) => feature.properties.cases || 1);
    const sum = counts.reduce((all, count) => all + count, 0), most = Math.max(1, ...counts);
    single.clearLayers();
    squares.clearLayers();
    const isSquares = Boolean(answer.side);
    if (as === "heat") heat.show(answer.features.map((feature) => [feature.geometry.coordinates[1], feature.geometry.coordinates[0], feature.properties.cases]), answer.side);
    else if (isSquares) for (const feature of answer.features) squares.addLayer(square(feature, answer.side, most));
    else if (single.addLayers) single.addLayers(answer.features.map(marker));
    else for (const feature of answer.features) single.addLayer(marker(feature));
    const says = as === "heat" ? words.heat : isSquares ? words.squares : words.shown;
    state.textContent = says.replace("{cases}", sum).replace("{most}", most);
    document.getElementById("map-legend").hidden = as === "heat" || isSquares;
    field.dataset.ready = String(answer.features.length);
  };
  const ask = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    delete field.dataset.ready;
    const { signal } = asked;
    const view = map.getBounds();
    const inside = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(6);
    const box = [inside(view.getWest(), 180), inside(view.getSouth(), 90), inside(view.getEast(), 180), inside(view.getNorth(), 90)].join(",");
    try {
      const answer = await fetch(`/console/map/cases.json?${words.query}&bbox=${box}&as=${as}`, { signal });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
    } catch (error) {
      if (signal.aborted) return;
      state.textContent = words.failed;
      setTimeout(() => { if (!signal.aborted) ask(); }, 5000);
    }
  };
  for (const button of tools.querySelectorAll("button")) button.addEventListener("click", () => {
    as = button.dataset.as;
    for (const other of tools.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    if (as === "heat") heat.addTo(map); else heat.remove();
    ask();
  });
  tools.hidden = false;
  document.getElementById("map-legend").hidden = false;
  document.getElementById("drawing").hidden = true;
  map.addLayer(single);
  map.addLayer(squares);
  // What is told of a case stays while the map makes room for it, also where the map had moved for it before.
  let isTelling = false;
  map.on("popupopen", () => { isTelling = true; if (asked) asked.abort(); });
  map.on("popupclose", () => { isTelling = false; ask(); });
  const begin = () => { map.on("moveend", () => { if (!isTelling) ask(); }); ask(); };
  outlined.then((bounds) => { if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12] }); begin(); }).catch(begin);
})();
