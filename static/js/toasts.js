// Short words that pass by. Anyone may ask for one:
//   document.dispatchEvent(new CustomEvent("civitas:toast", { detail: { text, action: { label, run }, passes } }))
const shelf = document.getElementById("toasts");
const words = document.getElementById("words")?.dataset ?? {};
const STAYS = 6000; // milliseconds; one with an action stays until it is used or closed, unless it says that it passes

function show({ text, action, passes }) {
  if (!shelf) return;
  for (const old of shelf.children) if (old.dataset.text === text) old.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.text = text;
  const said = document.createElement("p");
  said.className = "toast-text";
  said.textContent = text;
  toast.append(said);
  const button = (label, run) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "toast-action";
    made.textContent = label;
    made.addEventListener("click", () => {
      toast.remove();
      run?.();
    });
    toast.append(made);
  };
  if (action) button(action.label, action.run);
  button(words.close ?? "×");
  shelf.append(toast);
  if (!action || passes) setTimeout(() => toast.remove(), action ? 2 * STAYS : STAYS);
}

document.addEventListener("civitas:toast", (event) => show(event.detail));
