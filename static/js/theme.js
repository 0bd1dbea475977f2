// Loaded before anything is painted, so that the chosen theme does not flash. Deliberately not a module.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (refused) {
    // Storage is closed to us: the system's preference stands.
  }
})();
