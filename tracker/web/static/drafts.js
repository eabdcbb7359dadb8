// Comfort for the report form: saves while somebody types, counts, uploads with progress.
// Without it every button still does its work.
"use strict";
(() => {
  const form = document.getElementById("report");
  if (!form) return;
  const said = document.getElementById("saved");
  const version = form.elements.namedItem("version");
  const token = form.elements.namedItem("csrf_token").value;
  const key = `draft-${form.dataset.owed}`;
  const SKIPPED = new Set(["csrf_token", "action", "files", "earlier"]);
  let sent = contents(), timer = 0, busy = false, leaving = false;

  function contents() {
    const typed = {};
    for (const [name, value] of new FormData(form)) {
      if (SKIPPED.has(name) || name === "version" || typeof value !== "string") continue;
      (typed[name] = typed[name] || []).push(value);
    }
    return JSON.stringify(typed);
  }
  const isDirty = () => contents() !== sent;
  const keep = () => { try { localStorage.setItem(key, contents()); } catch { /* full or forbidden */ } };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };

  function tell(words, isWrong) {
    said.textContent = words;
    said.classList.toggle("error", Boolean(isWrong));
  }

  async function save() {
    if (busy || leaving || !isDirty()) return;
    busy = true;
    const now = contents();
    tell("正在保存…");
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ ...JSON.parse(now), version: version.value }),
      });
      await told(answer, now);
    } catch {
      tell("未保存：网络不通，内容已留在本页和本机，稍后自动重试。", true);
      later(15000);
    }
    busy = false;
    if (isDirty() && !timer) later(2000);
  }

  async function told(answer, now) {
    if (answer.ok) {
      const data = await answer.json();
      version.value = data.version;
      sent = now;
      if (!isDirty()) forget();
      tell(`已保存 ${data.at}`);
    } else if (answer.status === 409) {
      sent = now;
      disagree(await answer.json());
    } else if (answer.type === "opaqueredirect" || answer.status === 400) {
      sent = now;
      signInAgain();
    } else {
      sent = now;
      tell("未保存：请用“保存草稿”按钮保存。", true);
    }
  }

  function signInAgain() {
    tell("未保存：登录已失效，内容已留在本机。", true);
    const link = document.createElement("a");
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = "重新登录后恢复";
    said.append(" ", link);
    leaving = true;
  }

  function disagree(data) {
    tell(`未保存：${data.sentence}`, true);
    if (!data.differences) return;
    const box = document.createElement("div");
    box.className = "warning";
    box.setAttribute("role", "alert");
    add(box, "p", "同事刚刚保存过这份报告，两份文字如下。点“保存草稿”可逐项选择，您的内容不会丢失。");
    for (const found of data.differences) {
      add(box, "p", found.label).className = "both";
      const sides = add(box, "div", "");
      sides.className = "two-texts";
      add(sides, "div", `对方：${found.theirs || "（空）"}`).className = "one-text";
      add(sides, "div", `我的：${found.mine || "（空）"}`).className = "one-text";
    }
    document.getElementById("conflict")?.remove();
    box.id = "conflict";
    form.prepend(box);
  }

  function add(parent, tag, words) {
    const made = document.createElement(tag);
    made.textContent = words;
    parent.append(made);
    return made;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; save(); }, wait);
  }

  function offer() {
    let kept = null;
    try { kept = localStorage.getItem(key); } catch { return; }
    if (!kept || kept === contents()) return;
    const box = document.createElement("div");
    box.className = "warning button-row";
    add(box, "span", "本机留有一份没有保存上的内容。");
    const put = add(box, "button", "恢复这份内容"), drop = add(box, "button", "不要了");
    put.type = drop.type = "button";
    put.className = "button";
    drop.className = "button button-quiet";
    put.addEventListener("click", () => { restore(JSON.parse(kept)); box.remove(); later(100); });
    drop.addEventListener("click", () => { forget(); box.remove(); });
    form.prepend(box);
  }

  function restore(typed) {
    const turn = {};
    for (const field of form.elements) {
      if (!field.name || SKIPPED.has(field.name) || field.name === "version") continue;
      const values = typed[field.name] || [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else {
        const index = (turn[field.name] = (turn[field.name] ?? -1) + 1);
        if (values[index] !== undefined) field.value = values[index];
      }
    }
    form.querySelectorAll("textarea").forEach(count);
  }

  function count(field) {
    const place = document.getElementById(`${field.id}-length`);
    if (!place) return;
    const length = [...field.value.trim()].length, longest = Number(field.dataset.longest);
    const over = length - longest;
    place.textContent = over > 0 ? `已写${length}字，超出${over}字` : `已写${length}字，最多${longest}字`;
    place.classList.toggle("length-over", over > 0);
  }

  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) count(event.target);
    if (SKIPPED.has(event.target.name)) return;
    keep();
    if (!busy && !leaving) tell("有改动，未保存");
    later(1500);
  });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => { if (!leaving && isDirty()) event.preventDefault(); });

  const files = document.getElementById("files"), list = document.getElementById("uploads");
  const upload = form.querySelector("button[value=upload]");
  upload.addEventListener("click", async (event) => {
    if (!files.files.length) return;
    event.preventDefault();
    list.replaceChildren();
    for (const file of [...files.files]) await send(file);
    files.value = "";
    const page = await (await fetch(upload.formAction, { headers: { Accept: "text/html" } })).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("evidence-list");
    if (fresh) document.getElementById("evidence-list").replaceWith(fresh);
  });

  function send(file) {
    const line = add(list, "li", ""), bar = add(line, "progress", ""), words = add(line, "span", file.name);
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    return new Promise((done) => {
      const request = new XMLHttpRequest(), data = new FormData();
      data.append("files", file);
      request.open("POST", upload.formAction);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", token);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("loadend", () => {
        bar.remove();
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* no answer of ours */ }
        if (answer && answer.version && version.value === "0") version.value = answer.version;
        const wrong = answer ? answer.said.join("") : "没有上传成功，请重新登录或稍后再试。";
        words.textContent = wrong ? `${file.name}：${wrong}` : `${file.name} 已上传`;
        words.className = wrong ? "error" : "";
        done();
      });
      request.send(data);
    });
  }

  offer();
})();
