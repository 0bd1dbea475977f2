// <a data-empties="#place">: takes away what htmx put there, and goes back to where it was opened from.
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-empties]");
  const place = closer && document.querySelector(closer.dataset.empties);
  if (!place) return;
  event.preventDefault();
  place.replaceChildren();
  document.querySelector(`[hx-target="${closer.dataset.empties}"]`)?.focus();
});

// A tip's amount is tapped, slid, typed or chosen by a key; the field of the form holds it, the others follow.
function choose(form, coins) {
  const field = form.querySelector("[name=amount]");
  field.value = coins;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest(".tip-form");
  if (!form) return;
  if (target.dataset.slides) return choose(form, target.value);
  const coins = Number(target.value.replace(",", "."));
  for (const tap of form.querySelectorAll("[data-coins]")) {
    const isChosen = Number(tap.dataset.coins) === coins;
    tap.classList.toggle("button-on", isChosen);
    if (isChosen) tap.setAttribute("aria-current", "true");
    else tap.removeAttribute("aria-current");
  }
  const slider = form.querySelector("[data-slides]");
  if (slider && coins) slider.value = coins;
});

document.addEventListener("click", (event) => {
  const tap = event.target.closest(".tip-form [data-coins]");
  if (!tap || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(tap.closest(".tip-form"), tap.dataset.coins);
});

document.addEventListener("keydown", (event) => {
  if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const tap = event.target
    .closest?.(".tip-taps, .tip-slider")
    ?.closest(".tip-form")
    .querySelector(`[data-coins="${event.key === "0" ? 10 : event.key}"]`);
  if (!tap) return;
  event.preventDefault();
  choose(tap.closest(".tip-form"), tap.dataset.coins);
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
