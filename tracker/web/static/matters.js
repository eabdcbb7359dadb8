// Comfort for the page of waiting matters: keys to walk and tick, and how many are ticked.
// Without it every box and button still does its work.
"use strict";
(() => {
  const form = document.getElementById("matters");
  if (!form) return;
  const boxes = [...form.querySelectorAll('input[name="matter"]')];
  const said = document.getElementById("chosen");
  const all = said.textContent;

  function tell() {
    const number = boxes.filter((box) => box.checked).length;
    said.textContent = number ? `${all}，已选${number}项` : all;
  }
  function walk(by) {
    const row = document.activeElement?.closest?.("tr");
    const here = boxes.findIndex((box) => row?.contains(box));
    const next = boxes[Math.min(Math.max(here + by, 0), boxes.length - 1)];
    next.focus();
    next.closest("tr").scrollIntoView({ block: "center" });
  }
  function tick() {
    const row = document.activeElement?.closest?.("tr");
    const box = boxes.find((one) => row?.contains(one));
    if (box) box.checked = !box.checked;
    tell();
  }
  function tickAll() {
    const every = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !every; });
    tell();
  }
  const keys = { j: () => walk(1), k: () => walk(-1), x: tick, a: tickAll };
  const WRITING = 'textarea, select, input:not([type="checkbox"])';

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(WRITING)) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  form.addEventListener("change", tell);
  tell();
})();
