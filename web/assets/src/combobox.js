// A combobox after the ARIA authoring practices ("list autocomplete with manual selection").
// Markup: <div class="combo" data-combo="/suggestions/communes" data-none="…" data-some="…">
//   <input …><input type="hidden" data-value></div>
// Without the script the input is sent as words and the server finds, or asks which.
let serial = 0;

export function combobox(box) {
  const input = box.querySelector("input:not([type=hidden])");
  const hidden = box.querySelector("input[data-value]");
  const id = `combo-${++serial}`;
  const list = document.createElement("ul");
  list.id = id;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label || input.labels?.[0]?.textContent || "");
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "sr";
  status.setAttribute("role", "status");
  box.append(list, status);

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", id);
  input.autocomplete = "off";

  let items = [], active = -1, timer = 0, asked = 0;

  const close = () => {
    list.hidden = true; active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", `${id}-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  };
  const choose = (index) => {
    const item = items[index];
    if (!item) return;
    input.value = item.label;
    if (hidden) hidden.value = item.value;
    close();
    input.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: item }));
    if (box.dataset.go && item.href) location.href = item.href;
  };
  const show = () => {
    list.replaceChildren(...items.map((item, i) => {
      const option = document.createElement("li");
      option.id = `${id}-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = item.label;
      if (item.hint) { const small = document.createElement("small"); small.textContent = item.hint; option.append(small); }
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(i); });
      return option;
    }));
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    status.textContent = items.length === 0 ? box.dataset.none || "" : (box.dataset.some || "").replace("%d", items.length);
    active = -1;
  };
  const ask = async () => {
    const words = input.value.trim();
    const ticket = ++asked;
    if (words.length < 2) { items = []; close(); return; }
    const url = new URL(box.dataset.combo, location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || ticket !== asked) return;
      const found = await answer.json();
      if (ticket !== asked) return;
      items = found;
      show();
    } catch { close(); } // The plain input still works: say nothing.
  };

  input.addEventListener("input", () => {
    if (hidden) hidden.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) { ask(); return; }
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + items.length) % items.length);
    }
    if (event.key === "Enter" && active >= 0) { event.preventDefault(); choose(active); }
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
  });
  input.addEventListener("blur", close);
}
