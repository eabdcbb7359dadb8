// 全选: one box ticks every box of the list that follows it. Without it each is ticked by itself.
"use strict";
(() => {
  for (const place of document.querySelectorAll("[data-tick-all]")) {
    const list = place.nextElementSibling;
    const boxes = [...list.querySelectorAll('input[type="checkbox"]:enabled')];
    if (boxes.length < 2) continue;

    const label = document.createElement("label");
    const all = document.createElement("input");
    all.type = "checkbox";
    label.className = "tick";
    label.append(all, `全选（${boxes.length}项）`);
    place.append(label);

    function tell() {
      const number = boxes.filter((box) => box.checked).length;
      all.checked = number === boxes.length;
      all.indeterminate = number > 0 && !all.checked;
    }
    all.addEventListener("change", () => {
      const to = all.checked;
      boxes.forEach((box) => { box.checked = to; });
    });
    list.addEventListener("change", tell);
    tell();
  }
})();
