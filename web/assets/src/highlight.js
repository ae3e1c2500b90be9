// A row and its place on the map are one thing: pointing at either marks both.
export function highlight(root) {
  const mark = (key, on) => {
    for (const element of root.querySelectorAll(`[data-row="${CSS.escape(key)}"], [data-pin~="${CSS.escape(key)}"]`)) {
      element.classList.toggle("hot", on);
    }
    root.dispatchEvent(new CustomEvent("mark", { detail: { key, on } }));
  };
  const keyOf = (event) => {
    const element = event.target.closest?.("[data-row], [data-pin]");
    return element?.dataset.row || element?.dataset.pin?.split(" ")[0];
  };
  for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
    root.addEventListener(name, (event) => {
      const key = keyOf(event);
      if (key) mark(key, on);
    });
  }
}
