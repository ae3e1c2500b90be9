// Every page works without this file. It makes some gestures shorter: a commune found as it is
// typed, a zone drawn as it is written, a row shown on the map, a live map over the drawn one.
import { combobox } from "./combobox.js";
import { highlight } from "./highlight.js";
import { sortable } from "./sortable.js";
import { preview } from "./preview.js";
import { questionnaire } from "./questionnaire.js";

for (const box of document.querySelectorAll("[data-combo]")) combobox(box);
for (const table of document.querySelectorAll("table[data-sortable]")) sortable(table);
for (const form of document.querySelectorAll("[data-preview]")) preview(form);
for (const form of document.querySelectorAll("form[data-autosave]")) questionnaire(form);
highlight(document);

// What went wrong is read first, also aloud.
document.querySelector("[data-focus]")?.focus();

// The account menu closes as menus do.
const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    const said = button.parentElement.querySelector("[role=status]");
    if (said) said.textContent = button.dataset.done;
  });
}

// The live map is fetched only where there is one, and only when it is asked for.
for (const figure of document.querySelectorAll("figure[data-live]")) {
  const button = figure.querySelector("[data-live-toggle]");
  if (!button || !window.WebGL2RenderingContext) continue;
  button.hidden = false;
  const start = async () => {
    const { toggle } = await import("./map.js");
    await toggle(figure, button);
  };
  button.addEventListener("click", start);
  if (new URLSearchParams(location.search).has("vue")) start();
}
