// Saves each answer when its field is left and puts the server's words in place: the checks are
// written once, on the server. Without this file the form is saved by its button.
// Markup: <form data-autosave="/campagne/reponse"> … <div data-question="CODE"> … [data-notes]
export function questionnaire(form) {
  const said = form.querySelector("[data-autosave-said]");
  const tally = document.getElementById("avancement");
  const tell = (text) => { if (said) said.textContent = text; };
  let queue = Promise.resolve(); // one at a time, in the order in which the fields were left

  const save = async (question) => {
    const code = question.dataset.question;
    const body = new URLSearchParams({ questionnaire: form.elements.questionnaire.value, question: code });
    for (const field of question.querySelectorAll("input")) {
      if (field.name.startsWith("mot-") || (field.type === "checkbox" && !field.checked)) continue;
      body.append(field.name, field.value);
    }
    const answer = await fetch(form.dataset.autosave, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.status);
    const kept = await answer.json();
    form.elements[`r-${code}`].value = kept.revision;
    if (!kept.clash) form.elements[`lu-${code}`].value = form.elements[`v-${code}`].value;
    for (const [id, html] of Object.entries(kept.notes)) {
      const notes = document.querySelector(`[id="${id}"] [data-notes]`);
      if (notes && notes.innerHTML !== html) notes.innerHTML = html;
    }
    if (tally) tally.innerHTML = kept.tally;
    tell(kept.clash ? "" : form.dataset.saved);
  };

  form.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question || event.target.name.startsWith("mot-")) return;
    const value = question.querySelector("input[name^='v-']");
    const nd = question.querySelector("input[type=checkbox]");
    if (event.target === nd && nd.checked) value.value = "";
    if (event.target === value && value.value.trim()) nd.checked = false;
    queue = queue.then(() => save(question)).catch(() => tell(form.dataset.failed));
  });
}
