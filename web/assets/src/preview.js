// Draws what a form says as it is written: the server answers the same figure it would have put
// in the page, so there is one way to draw a zone.
// Markup: <form data-preview="/zone" data-preview-into="zone-vue"> … </form>
export function preview(form) {
  const target = document.getElementById(form.dataset.previewInto);
  if (!target) return;
  let timer = 0, asked = 0, last = "";
  const draw = async () => {
    const fields = new URLSearchParams(new FormData(form));
    const text = fields.toString();
    if (text === last) return;
    last = text;
    const ticket = ++asked;
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${form.dataset.preview}?${text}`, { headers: { Accept: "text/html" } });
      if (ticket === asked && answer.ok) target.innerHTML = await answer.text();
    } finally {
      if (ticket === asked) target.removeAttribute("aria-busy");
    }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(draw, 400); };
  form.addEventListener("input", soon);
  form.addEventListener("chosen", soon);
}
