// A form is sent once. The server is safe without this; it spares people the wondering.
const GIVE_UP = 15000; // milliseconds after which one may try again, come what may

function release(form) {
  delete form.dataset.sending;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented && !form.dataset.sending) return;
  if (form.method !== "post" || form.hasAttribute("hx-post") || form.dataset.again !== undefined) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "true";
  setTimeout(release, GIVE_UP, form);
});

// htmx drops a second request while the first is under way; the look is ours.
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("form")) detail.elt.dataset.sending = "true";
});
document.addEventListener("htmx:afterRequest", ({ detail }) => release(detail.elt));

// Coming back by the back button shows the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(release);
});

// A refused page opens at its summary of errors.
document.querySelector(".form-errors")?.focus();

// Selects and choices that filter a list apply themselves; without scripts their button does.
document.addEventListener("change", ({ target }) => {
  target.form?.matches("[data-apply]") && target.form.requestSubmit();
});

// "Copy": data-copy names the element whose text is taken.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard?.writeText(source.value ?? source.textContent.trim());
  const { copied } = document.getElementById("words").dataset;
  document.dispatchEvent(new CustomEvent("civitas:toast", { detail: { text: copied } }));
});
