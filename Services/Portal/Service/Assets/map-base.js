// What every map has: tiles where there are some, the outlines of the communities, and landmarks, named once one is near enough to read them.
(() => {
  if (!self.L) return;
  const nearEnough = 16;
  const named = (layer, text, className, direction) => {
    const label = document.createElement("span");
    label.textContent = text;
    layer.bindTooltip(label, { permanent: true, direction, className, interactive: false });
  };
  // Shows a map in a field; `outlined` comes with the bounds of the outlines.
  const make = (field) => {
    field.hidden = false;
    const map = L.map(field, { maxZoom: 19, zoomControl: true, attributionControl: Boolean(field.dataset.credit), fadeAnimation: false, zoomAnimation: false });
    map.on("zoomend", () => field.classList.toggle("far", map.getZoom() < nearEnough));
    map.setView([28.684, 115.948], 14);
    if (field.dataset.tiles) L.tileLayer(field.dataset.tiles, { attribution: field.dataset.credit, maxZoom: 19 }).addTo(map);
    const outlined = fetch("/map/communities.json").then((answer) => answer.json()).then((outlines) => L.geoJSON(outlines, {
      style: (feature) => feature.geometry.type === "Point" ? { className: "landmark-dot", weight: 1, fillOpacity: 1 } : { className: "outline", weight: 2, fillOpacity: 0.08 },
      interactive: false,
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 3 }),
      onEachFeature: (feature, layer) => feature.geometry.type === "Point"
        ? named(layer, feature.properties.name, "landmark", "right") : named(layer, feature.properties.name, "community", "center"),
    }).addTo(map).getBounds());
    return { map, outlined };
  };
  self.MapBase = { make };
})();
