// <a data-empties="#place">: takes away what htmx put there, and goes back to where it was opened from.
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-empties]");
  const place = closer && document.querySelector(closer.dataset.empties);
  if (!place) return;
  event.preventDefault();
  place.replaceChildren();
  document.querySelector(`[hx-target="${closer.dataset.empties}"]`)?.focus();
});
