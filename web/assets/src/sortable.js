// Sorts a short table in place. A long one is sorted by the server, through the same links.
const value = (row, index) => {
  const cell = row.cells[index];
  const raw = cell?.dataset.v ?? cell?.textContent.trim() ?? "";
  return raw !== "" && !Number.isNaN(Number(raw)) ? Number(raw) : raw;
};

export function sortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, index) => {
    if (head.dataset.fixed !== undefined || head.querySelector("a")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort-b";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
      const rows = [...body.rows].sort((a, b) => {
        const x = value(a, index), y = value(b, index);
        const order = typeof x === "number" && typeof y === "number" ? x - y : compare(String(x), String(y));
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}
