// Menus (<details class="menu">) close as people expect; confirm pages open as dialogs.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", ({ target }) => closeMenus(target.closest("details.menu")));

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const menu = target.closest?.("details.menu[open]");
  if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});

// <a href="/…/confirm/" data-dialog>: the part of that page marked data-confirm opens here. A failure follows the link.
const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");

async function openPage(link) {
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector("[data-confirm]");
    if (!answer.ok || !part) throw new Error("not a confirm page");
    // The form's action may be relative to its own page.
    for (const form of part.querySelectorAll("form")) form.action = new URL(form.getAttribute("action") || "", link.href).href;
    body.replaceChildren(part);
    dialog.setAttribute("aria-labelledby", part.querySelector("h1, h2")?.id ?? "");
    window.htmx?.process(body);
    dialog.showModal();
  } catch {
    window.location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const own = opener.dataset.dialog && document.querySelector(opener.dataset.dialog);
    if (!own && !(dialog && opener.href)) return;
    event.preventDefault();
    if (own) own.showModal();
    else openPage(opener);
    return;
  }
  const closer = event.target.closest("[data-close]");
  if (closer?.closest("dialog")) {
    event.preventDefault();
    closer.closest("dialog").close();
  } else if (event.target.matches("dialog[open]")) {
    event.target.close(); // the backdrop
  }
});
