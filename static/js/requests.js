// What htmx needs from us: the CSRF token, busy states, and plain words when something fails.
const words = document.getElementById("words")?.dataset ?? {};

function token() {
  return (
    document.querySelector('meta[name="csrf-token"]')?.content ||
    document.querySelector('input[name="csrfmiddlewaretoken"]')?.value
  );
}

function say(text, action) {
  document.dispatchEvent(new CustomEvent("civitas:toast", { detail: { text, action } }));
}

function isWholePage(xhr) {
  return /^\s*<!doctype/i.test(xhr.responseText.slice(0, 200));
}

function mayTakeWholePage({ requestConfig, target }) {
  // Not the event's own `elt`: before a swap that is the target.
  return requestConfig.boosted || target === document.body || requestConfig.elt.closest("[hx-select]") !== null;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get" && token()) detail.headers["X-CSRFToken"] = token();
});

// Which part waits for which answer. The answer may be drawn elsewhere (HX-Retarget), so its own target does not tell.
const waiting = new WeakMap();

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  detail.target?.setAttribute("aria-busy", "true");
  waiting.set(detail.xhr, detail.target);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  waiting.get(detail.xhr)?.removeAttribute("aria-busy");
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr } = detail;
  if (isWholePage(xhr) && !mayTakeWholePage(detail)) {
    // A page where a fragment was expected: the session ended, or the way led elsewhere. Follow it, do not nest it.
    detail.shouldSwap = false;
    if (xhr.status < 400) window.location.assign(xhr.responseURL);
    else if (xhr.status < 500) say(words.refused);
  } else if (xhr.status >= 400 && xhr.status < 500) {
    // A refusal says why in the fragment it sends; a refusal without one still needs words.
    const hasWords = xhr.responseText.trim() !== "" && /html/.test(xhr.getResponseHeader("Content-Type") ?? "");
    detail.shouldSwap = hasWords;
    detail.isError = false;
    if (!hasWords) say(xhr.status === 429 ? words.slower : words.refused);
  }
});

function again({ requestConfig }) {
  const { elt, verb, path, target, triggeringEvent } = requestConfig;
  if (!elt.isConnected) return window.location.reload();
  // The same form with the same key: the server acts once, however often it is asked.
  return window.htmx.ajax(verb, path, { source: elt, target, event: triggeringEvent });
}

function failed(text) {
  return ({ detail }) => say(text, { label: words.retry, run: () => again(detail) });
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) failed(words.broken)(event);
});
document.addEventListener("htmx:sendError", failed(words.offline));
document.addEventListener("htmx:timeout", failed(words.offline));

// After a refused form the first field at fault takes the focus; after a swap the new summary does.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.xhr.status < 400) return;
  // A part that was replaced as a whole is no longer in the page; what came instead is.
  const place = detail.target?.isConnected ? detail.target : document;
  place.querySelector(".form-errors, [aria-invalid='true']")?.focus();
});
