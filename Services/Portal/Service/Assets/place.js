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
      map.setView(place, Math.max(map.getZoom(), field.dataset.tiles ? 17 : 16));
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
  if (!field || !self.MapBase) return;
  const made = MapBase.make(field);
  map = made.map;
  map.on("click", (event) => choose(event.latlng.lat, event.latlng.lng));
  // Who has allowed the position before begins where they stand; all others see the communities.
  const allowed = navigator.permissions ? navigator.permissions.query({ name: "geolocation" }).then((answer) => answer.state === "granted") : Promise.resolve(false);
  made.outlined.then(async (bounds) => {
    if (pin) return;
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [8, 8] });
    if (!await allowed) return;
    navigator.geolocation.getCurrentPosition((found) => {
      const here = [found.coords.latitude, found.coords.longitude];
      if (!pin && bounds.contains(here)) map.setView(here, 16);
    }, () => {}, { maximumAge: 60000, timeout: 10000 });
  }).catch(() => {});
})();
