// What happens while a page is open: the count of notifications, a word about each new one, the coins in the rail.
// One stream of server-sent events while the page is seen; where there is none, a look at the count now and then.
const STREAM = "/api/v1/events";
const COUNT = "/notifications/unread/";
const LOOK = 30000; // milliseconds between two looks at the count
const TRY_AGAIN = 60000; // milliseconds until a stream that was refused is asked for again
const MOST_SHOWN = 99; // of what is new

const words = document.getElementById("words")?.dataset ?? {};
const figures = new Intl.NumberFormat(document.documentElement.lang);
const coins = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

let stream = null;
let looking = null;
let retrying = null;

function shownCount(link) {
  return Number(link.querySelector(":scope > .nav-count")?.dataset.count ?? 0);
}

function showCount(link, count) {
  let badge = link.querySelector(":scope > .nav-count");
  if (!count) {
    badge?.remove();
    return;
  }
  if (!badge) {
    badge = document.createElement("span");
    badge.className = "nav-count";
    link.append(badge);
  }
  badge.dataset.count = count;
  badge.textContent = count > MOST_SHOWN ? `${figures.format(MOST_SHOWN)}+` : figures.format(count);
  const hidden = document.createElement("span");
  hidden.className = "visually-hidden";
  hidden.textContent = ` ${words.new ?? ""}`;
  badge.append(hidden);
}

function showUnread(count) {
  for (const link of document.querySelectorAll('[data-count-of="unread_notifications"]')) showCount(link, count);
  // "More" says how many are new behind it.
  for (const more of document.querySelectorAll('[data-count-of="more"]')) {
    const inside = more.parentElement.querySelectorAll(".menu-panel [data-count-of]");
    showCount(more, [...inside].reduce((sum, link) => sum + shownCount(link), 0));
  }
  document.dispatchEvent(new CustomEvent("civitas:unread", { detail: { count } }));
}

function showBalance({ available }) {
  const chip = document.querySelector("#balance .coin");
  if (!chip || chip.value === available) return;
  chip.value = available;
  chip.querySelector("span:not(.visually-hidden)").textContent = coins.format(available);
}

function announce(notice) {
  showUnread(notice.unread);
  const open = () => location.assign(`/notifications/${encodeURIComponent(notice.id)}/`);
  document.dispatchEvent(
    new CustomEvent("civitas:toast", {
      detail: { text: notice.title, action: { label: words.show ?? notice.path, run: open }, passes: true },
    }),
  );
}

async function look() {
  try {
    const answer = await fetch(COUNT, { headers: { Accept: "application/json" } });
    if (answer.status === 401) return stop(); // signed out elsewhere
    if (answer.ok) showUnread((await answer.json()).unread);
  } catch {
    // Offline: the next look tells.
  }
}

function lookNowAndThen() {
  look();
  looking ??= setInterval(look, LOOK);
  retrying ??= setTimeout(listen, TRY_AGAIN);
}

function stop() {
  stream?.close();
  clearInterval(looking);
  clearTimeout(retrying);
  stream = looking = retrying = null;
}

function listen() {
  stop();
  if (document.visibilityState !== "visible") return;
  const heard = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
  stream = new EventSource(STREAM);
  heard("unread", ({ unread }) => showUnread(unread));
  heard("notification", announce);
  heard("balance", showBalance);
  // A stream that broke off comes back by itself; one that was refused does not.
  stream.addEventListener("error", () => {
    if (stream?.readyState === EventSource.CLOSED) lookNowAndThen();
  });
}

if (document.querySelector('[data-count-of="unread_notifications"]')) {
  // A page that nobody sees holds no stream: a browser has few connections to one site, and may keep many tabs.
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? listen() : stop()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => event.persisted && listen());
  listen();
}
