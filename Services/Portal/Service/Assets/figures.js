// Draws what stands in tables; without this file they are read as they are.
"use strict";
(() => {
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = cell => cell.textContent.trim();
  const number = cell => { const value = cell.dataset.value ?? text(cell); return value === "" || isNaN(value) ? null : Number(value); };

  function read(table) {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    return {
      labels: rows.map(row => text(row.cells[0])),
      series: heads.map((head, index) => ({ head, index })).filter(({ head }) => "series" in head.dataset)
        .map(({ head, index }) => ({ label: text(head), data: rows.map(row => number(row.cells[index])) })),
    };
  }

  // What has no value to draw is left out.
  function known({ labels, series }) {
    const kept = labels.map((_, index) => series.some(one => one.data[index] !== null));
    return { labels: labels.filter((_, index) => kept[index]), series: series.map(one => ({ ...one, data: one.data.filter((_, index) => kept[index]) })) };
  }

  function looks(kind, index) {
    const paint = colour(`--chart-${index + 1}`);
    return kind === "line"
      ? { borderColor: paint, backgroundColor: paint, borderDash: [[], [6, 4], [2, 3]][index], pointStyle: ["circle", "rect", "triangle"][index], pointRadius: 2.5, borderWidth: 2, tension: 0 }
      : { backgroundColor: paint, borderColor: colour("--panel"), borderWidth: 1, maxBarThickness: 40 };
  }

  function options(figure, kind, many) {
    const soft = colour("--soft"), grid = { color: colour("--grid"), borderColor: colour("--grid") };
    const across = kind === "rows", unit = figure.dataset.unit ?? "";
    const values = { beginAtZero: true, grid, stacked: kind === "stacked", max: figure.dataset.most ? Number(figure.dataset.most) : undefined,
      ticks: { color: soft, precision: 0, callback: value => value + unit } };
    const names = { grid: { display: false, borderColor: colour("--grid") }, stacked: kind === "stacked", ticks: { color: soft, autoSkip: kind === "line", maxRotation: 0 } };
    return {
      animation: false, responsive: true, maintainAspectRatio: false, indexAxis: across ? "y" : "x", interaction: { mode: "index", axis: across ? "y" : "x", intersect: false },
      scales: across ? { x: values, y: names } : { x: names, y: values },
      plugins: { legend: { display: many, position: "bottom", labels: { color: colour("--ink"), usePointStyle: kind === "line", boxWidth: 12, boxHeight: kind === "line" ? 7 : 12 } },
        tooltip: { callbacks: { label: item => ` ${item.dataset.label}: ${item.formattedValue}${unit}` } } },
    };
  }

  function draw(figure) {
    const table = figure.querySelector("table"), kind = figure.dataset.chart, { labels, series } = known(read(table));
    // Nothing to see: the table says so better.
    if (!series.some(one => one.data.some(value => value))) return null;
    const box = document.createElement("div"), canvas = document.createElement("canvas");
    box.className = "canvas";
    if (kind === "rows") box.style.height = `${Math.max(labels.length * 1.9 + 2.5, 6)}rem`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", table.caption ? text(table.caption) : "");
    box.append(canvas);
    figure.prepend(box);
    figure.classList.add("drawn");
    const font = parseFloat(getComputedStyle(document.documentElement).fontSize) * .8125;
    Chart.defaults.font.size = font;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    return new Chart(canvas, {
      type: kind === "line" ? "line" : "bar",
      data: { labels, datasets: series.map((one, index) => ({ ...one, ...looks(kind, index) })) }, options: options(figure, kind, series.length > 1),
    });
  }

  // The numbers are there for everybody: a button shows them.
  function offerNumbers(figure) {
    const button = document.createElement("button"), words = document.querySelector("[data-numbers]");
    button.type = "button";
    button.className = "quiet";
    button.textContent = words?.dataset.numbers ?? "123";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => button.setAttribute("aria-expanded", String(figure.classList.toggle("open"))));
    figure.append(button);
  }

  const figures = [...document.querySelectorAll("figure.chart")];
  if (typeof Chart !== "undefined") {
    let charts = figures.map(draw);
    figures.filter((_, index) => charts[index]).forEach(offerNumbers);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      charts.forEach(chart => chart?.destroy());
      document.querySelectorAll(".canvas").forEach(box => box.remove());
      charts = figures.map(draw);
    });
  }
  // A choice is shown at once.
  document.querySelectorAll("form.scope select").forEach(select => select.addEventListener("change", () => select.form.requestSubmit()));
})();
