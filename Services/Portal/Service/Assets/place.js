// Where it is: by the device, by a tap on the map, or by a place that is chosen.
(() => {
  const form = document.getElementById("report");
  if (!form) return;
  const locate = document.getElementById("locate");
  const state = document.getElementById("place-state");
  const field = document.getElementById("map");
  const landmark = form.elements.landmark;
  let map, pin;

  const say = (words) => { state.textContent = words; };
  const choose = (latitude, longitude, fix) => {
    form.elements.latitude.value = latitude.toFixed(7);
    form.elements.longitude.value = longitude.toFixed(7);
    form.fix = fix || null;
    landmark.value = "";
    locate.classList.add("found");
    say(form.dataset.placeFound);
    if (map) {
      const place = [latitude, longitude];
      if (pin) pin.setLatLng(place);
      else {
        const icon = L.divIcon({ className: "pin", iconSize: [36, 36], iconAnchor: [18, 34],
          html: '<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M12 22s8-7 8-12.500a8 8 0 0 0-16 0C4 15 12 22 12 22z"/><circle cx="12" cy="9.500" r="3" fill="#fff"/></svg>' });
        pin = L.marker(place, { icon, draggable: true, keyboard: true }).addTo(map);
        pin.on("dragend", () => { const at = pin.getLatLng(); choose(at.lat, at.lng); });
      }
      map.setView(place, Math.max(map.getZoom(), field.dataset.tiles ? 17 : 15));
    }
    form.dispatchEvent(new Event("placed"));
  };
  if ("geolocation" in navigator) {
    locate.hidden = false;
    locate.addEventListener("click", () => {
      say(form.dataset.placeSeeking);
      navigator.geolocation.getCurrentPosition(
        (found) => choose(found.coords.latitude, found.coords.longitude, { accuracy: found.coords.accuracy, speed: found.coords.speed, at: found.timestamp }),
        () => say(form.dataset.placeDenied), { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 });
    });
  }
  landmark.addEventListener("change", () => {
    if (!landmark.value) return;
    form.elements.latitude.value = form.elements.longitude.value = "";
    locate.classList.remove("found");
    say("");
  });
  if (!field || !self.L) return;
  field.hidden = false;
  map = L.map(field, { zoomControl: true, attributionControl: Boolean(field.dataset.credit), fadeAnimation: false, zoomAnimation: false });
  map.setView([28.684, 115.948], 14);
  if (field.dataset.tiles) L.tileLayer(field.dataset.tiles, { attribution: field.dataset.credit, maxZoom: 19 }).addTo(map);
  map.on("click", (event) => choose(event.latlng.lat, event.latlng.lng));
  fetch("/map/communities.json").then((answer) => answer.json()).then((outlines) => {
    const name = (layer, text, className, direction) => {
      const label = document.createElement("span");
      label.textContent = text;
      layer.bindTooltip(label, { permanent: true, direction, className, interactive: false });
    };
    const shown = L.geoJSON(outlines, { style: { color: "#0b5d51", weight: 2, fillOpacity: 0.08 }, interactive: false,
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 3, color: "#17332e", weight: 1, fillOpacity: 1, interactive: false }),
      onEachFeature: (feature, layer) => feature.geometry.type === "Point"
        ? name(layer, feature.properties.name, "landmark", "right") : name(layer, feature.properties.name, "community", "center") }).addTo(map);
    if (!pin && shown.getBounds().isValid()) map.fitBounds(shown.getBounds(), { padding: [8, 8] });
  }).catch(() => {});
})();
