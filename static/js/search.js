// A search box offers names while one types: a combobox with a list (ARIA Authoring Practices). Without this it is a form.
const boxes = document.querySelectorAll("input[data-suggests]");

function optionsOf(place) {
  return [...place.querySelectorAll("[role='option']")];
}

function choose(box, option) {
  for (const other of optionsOf(document.querySelector(box.dataset.suggests))) {
    other.setAttribute("aria-selected", String(other === option));
  }
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

for (const box of boxes) {
  const place = document.querySelector(box.dataset.suggests);
  let asked = false;

  function show() {
    const list = place.querySelector("[role='listbox']");
    if (list) {
      list.id = `${place.id}-list`;
      // Two boxes may stand in one page; what is chosen is named by its id.
      for (const option of optionsOf(place)) option.id = `${place.id}-${option.id}`;
    }
    box.setAttribute("aria-expanded", String(Boolean(list)));
    choose(box, null);
  }

  function close() {
    asked = false;
    place.replaceChildren();
    show();
  }

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", `${place.id}-list`);
  box.setAttribute("aria-expanded", "false");

  box.addEventListener("input", () => {
    asked = true;
    if (!box.value.trim()) close();
  });

  place.addEventListener("htmx:beforeSwap", (event) => {
    // The answer may come when the box is left or emptied already; what is refused offers nothing.
    if (!asked || document.activeElement !== box || event.detail.xhr.status >= 400) event.detail.shouldSwap = false;
  });
  place.addEventListener("htmx:afterSwap", show);

  box.addEventListener("keydown", (event) => {
    const options = optionsOf(place);
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape" && options.length) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // Past either end one is back in the box.
      const next = at === -1 ? (step === 1 ? 0 : options.length - 1) : at + step;
      choose(box, options[next] ?? null);
    } else if (event.key === "Enter" && at !== -1) {
      event.preventDefault();
      options[at].click();
    }
  });

  box.addEventListener("blur", ({ relatedTarget }) => {
    if (!place.contains(relatedTarget)) close();
  });
  // A click would take the focus, and with it the list, before it arrives.
  place.addEventListener("mousedown", (event) => event.preventDefault());
}
