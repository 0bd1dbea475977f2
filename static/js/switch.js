// The switch between light, dark and what the system prefers. theme.js has applied the choice already.
const root = document.documentElement;
const next = { system: "light", light: "dark", dark: "system" };

function chosen() {
  return root.dataset.theme ?? "system";
}

function show() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    for (const face of button.querySelectorAll("[data-when]")) face.hidden = face.dataset.when !== chosen();
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const theme = next[chosen()];
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is closed: the choice holds for this page.
  }
  show();
});

show();
