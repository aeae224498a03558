// A layer of a Leaflet map that shows how close together things lie: counts by squares, painted as glowing spots.
(() => {
  if (!self.L) return;
  const colours = [[0, "#2b6cb000"], [0.15, "#2b6cb0a0"], [0.4, "#2fa36bc0"], [0.65, "#f0b429d8"], [1, "#d5362ff0"]];
  const palette = () => {
    const strip = document.createElement("canvas");
    strip.width = 256;
    strip.height = 1;
    const brush = strip.getContext("2d");
    const gradient = brush.createLinearGradient(0, 0, 256, 0);
    for (const [place, colour] of colours) gradient.addColorStop(place, colour);
    brush.fillStyle = gradient;
    brush.fillRect(0, 0, 256, 1);
    return brush.getImageData(0, 0, 256, 1).data;
  };
  self.HeatLayer = L.Layer.extend({
    initialize() { this.squares = []; this.side = 0; },
    // Squares as `[latitude, longitude, count]`, and their side in degrees.
    show(squares, side) { this.squares = squares; this.side = side; if (this.canvas) this.paint(); },
    onAdd(map) {
      this.canvas = L.DomUtil.create("canvas", "heat", map.getPanes().overlayPane);
      map.on("moveend resize", this.paint, this);
      this.paint();
    },
    onRemove(map) {
      map.off("moveend resize", this.paint, this);
      this.canvas.remove();
      this.canvas = null;
    },
    paint() {
      const map = this._map, size = map.getSize();
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      this.canvas.width = size.x;
      this.canvas.height = size.y;
      if (this.squares.length === 0) return;
      const brush = this.canvas.getContext("2d", { willReadFrequently: true });
      const most = Math.max(...this.squares.map((square) => square[2]));
      const [latitude, longitude] = this.squares[0];
      const from = map.latLngToContainerPoint([latitude, longitude]), to = map.latLngToContainerPoint([latitude + this.side, longitude]);
      const radius = Math.max(14, Math.min(60, Math.abs(from.y - to.y) * 1.6));
      for (const [north, east, count] of this.squares) {
        const at = map.latLngToContainerPoint([north, east]);
        const spot = brush.createRadialGradient(at.x, at.y, 0, at.x, at.y, radius);
        const strength = 0.2 + 0.8 * Math.sqrt(count / most);
        spot.addColorStop(0, `rgba(0, 0, 0, ${strength})`);
        spot.addColorStop(1, "rgba(0, 0, 0, 0)");
        brush.fillStyle = spot;
        brush.fillRect(at.x - radius, at.y - radius, 2 * radius, 2 * radius);
      }
      const colour = palette(), image = brush.getImageData(0, 0, size.x, size.y), dots = image.data;
      for (let at = 3; at < dots.length; at += 4) {
        const place = dots[at] * 4;
        for (let part = 0; part < 4; part += 1) dots[at - 3 + part] = colour[place + part];
      }
      brush.putImageData(image, 0, 0);
    },
  });
})();
