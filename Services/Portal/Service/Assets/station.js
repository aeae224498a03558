// While counting: how far what is typed is from the books.
"use strict";
document.querySelectorAll("form[data-shelf]").forEach(form => {
  const tell = () => {
    const move = new FormData(form).get("move");
    form.querySelectorAll("input[data-on-hand]").forEach(input => {
      const there = Number(input.dataset.onHand), typed = input.value === "" ? null : Number(input.value);
      const after = typed === null ? there : { delivered: there + typed, counted: typed, "written-off": there - typed }[move] ?? there;
      const change = after - there;
      input.nextElementSibling.textContent = typed === null || !move ? "" : `${change < 0 ? "−" : change > 0 ? "+" : "±"}${Math.abs(change)} → ${after}`;
    });
  };
  form.addEventListener("input", tell);
});
