// <a data-empties="#place">: takes away what htmx put there, and goes back to where it was opened from.
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-empties]");
  const place = closer && document.querySelector(closer.dataset.empties);
  if (!place) return;
  event.preventDefault();
  place.replaceChildren();
  document.querySelector(`[hx-target="${closer.dataset.empties}"]`)?.focus();
});

// An amount that is typed is none of the ones to tap.
document.addEventListener("input", ({ target }) => {
  const choices = target.closest(".tip-form")?.querySelectorAll(".tip-quick > a") ?? [];
  for (const choice of choices) {
    const isChosen = Number(new URL(choice.href).searchParams.get("amount")) === Number(target.value);
    choice.classList.toggle("button-on", isChosen);
    if (isChosen) choice.setAttribute("aria-current", "true");
    else choice.removeAttribute("aria-current");
  }
});

// When the time is over there is nothing to take back.
document.addEventListener("civitas:over", ({ target }) => target.closest(".own-tip")?.querySelector("button")?.remove());

// On a phone the tabs are wider than the screen: the one that is open is in sight.
document.querySelector(".tabs > [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// Posts move while one reads: of what comes with "Show more", those that stand here already are left out.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const list = detail.target?.closest?.(".pagination")?.closest("#posts");
  if (!list || detail.xhr.status !== 200) return;
  const come = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  let isLess = false;
  for (const card of come.querySelectorAll("#posts > .post[id]")) {
    if (list.querySelector(`#${CSS.escape(card.id)}`)) {
      card.remove();
      isLess = true;
    }
  }
  if (isLess) detail.serverResponse = come.documentElement.outerHTML;
});
