// Comfort for the many-at-once page: fill down, and up and down by keys. It works without.
"use strict";
(() => {
  const form = document.getElementById("sheet");
  if (!form) return;
  const COLUMNS = ["stage", "percent", "progress", "unchanged"];
  const column = (name) => [...form.querySelectorAll(`tbody [name^="${name}-"]`)];
  const kind = (field) => COLUMNS.find((name) => field.name && field.name.startsWith(`${name}-`));

  const help = document.getElementById("sheet-help");
  const fill = document.createElement("button");
  fill.type = "button";
  fill.className = "button button-quiet";
  fill.textContent = "向下填充";
  help.after(fill);
  help.textContent = "光标放在一格，点“向下填充”，下方的空格填入相同内容；Ctrl+↑↓ 换行。";
  let last = null;
  form.addEventListener("focusin", (event) => { if (kind(event.target)) last = event.target; });
  fill.addEventListener("click", () => {
    if (!last) return;
    const all = column(kind(last));
    for (const field of all.slice(all.indexOf(last) + 1)) {
      if (field.type === "checkbox") field.checked = last.checked;
      else if (!field.value.trim()) field.value = last.value;
    }
    dirty = true;
    last.focus();
  });
  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.ctrlKey || !kind(event.target)) return;
    const all = column(kind(event.target));
    const next = all[all.indexOf(event.target) + step];
    if (next) { event.preventDefault(); next.focus(); }
  });
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
})();
