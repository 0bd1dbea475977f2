// The composer: open once it was entered, how many characters are left, and words that are kept by themselves while one writes.
const PAUSE = 4000; // milliseconds without a key, after which what stands there is kept

function count(place) {
  const field = document.querySelector(place.dataset.counts);
  if (!field) return;
  // As the server counts: whole characters, nothing around them.
  const left = Number(place.dataset.most) - [...field.value.trim()].length;
  const isOver = left < 0;
  place.textContent = (isOver ? place.dataset.over : place.dataset.left).replace("%(n)s", Math.abs(left).toLocaleString(document.documentElement.lang));
  place.classList.toggle("counter-near", left <= 100 && !isOver);
  place.classList.toggle("counter-over", isOver);
  // Said aloud only when it begins to matter.
  if (left <= 20) place.setAttribute("role", "status");
  else place.removeAttribute("role");
}

function countAll(root = document) {
  for (const place of root.querySelectorAll("[data-counts]")) count(place);
}

const waiting = new WeakMap();
const kept = new WeakMap();

function fieldsOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  return fields;
}

// What is worth keeping; keys and tokens change by themselves.
function standOf(form) {
  const fields = fieldsOf(form);
  for (const name of ["csrfmiddlewaretoken", "key", "draft-id", "next"]) fields.delete(name);
  return [...fields].filter(([, value]) => value.trim() !== "").join("\n");
}

async function keep(form) {
  const stand = standOf(form);
  const words = form.elements.content?.value.trim() ?? "";
  if (!form.isConnected || form.dataset.sending || form.dataset.keeping || words.length < 10 || stand === kept.get(form)) return;
  form.dataset.keeping = "true";
  try {
    const fields = fieldsOf(form);
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: fields,
      headers: { "X-CSRFToken": fields.get("csrfmiddlewaretoken") },
      credentials: "same-origin",
      redirect: "error",
    });
    if (answer.status !== 200 || !form.isConnected) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-draft]");
    const place = form.querySelector("[data-draft]");
    if (!part || !place) return;
    place.replaceWith(part);
    kept.set(form, stand);
  } catch {
    // Away for a moment: the next pause tries again.
  } finally {
    delete form.dataset.keeping;
  }
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-autosave]") ?? (target.matches?.("form[data-autosave]") ? target : null);
  for (const place of document.querySelectorAll("[data-counts]")) {
    if (target.matches?.(place.dataset.counts)) count(place);
  }
  if (!form) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(keep, PAUSE, form));
});

document.addEventListener("focusin", ({ target }) => target.closest?.(".composer-inline")?.classList.add("is-open"));
// Words that the browser has kept over a reload do not stand in one line.
for (const form of document.querySelectorAll(".composer-inline")) if (form.elements.content.value) form.classList.add("is-open");

document.addEventListener("htmx:afterSettle", () => countAll());
countAll();
