// Countdowns: <time data-until data-over>. The server has written the same words (config/lib/moments.py).
const words = document.getElementById("words")?.dataset ?? {};
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

function say(count, pattern) {
  return count ? (pattern ?? "").replace("%(n)d", count) : "";
}

function remaining(seconds) {
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const { days: d, hours: h, minutes: m, seconds: s } = words;
  const parts = days
    ? [say(days, d), say(hours, h)]
    : hours
      ? [say(hours, h), say(minutes, m)]
      : [minutes ? say(minutes, m) : say(seconds, s)];
  return parts.filter(Boolean).join(" ");
}

function tick() {
  for (const clock of document.querySelectorAll("[data-until]")) {
    const seconds = Math.floor((new Date(clock.dataset.until) - Date.now()) / 1000);
    const text = seconds > 0 ? remaining(seconds) : clock.dataset.over;
    if (clock.textContent !== text) clock.textContent = text;
    if (seconds <= 0) {
      clock.removeAttribute("data-until");
      clock.dispatchEvent(new CustomEvent("civitas:over", { bubbles: true }));
    }
  }
}

setInterval(tick, 1000);
tick();
