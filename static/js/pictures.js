// Pictures in the composer: sent as they are chosen, pasted or dropped, with a glance at them meanwhile; put in order.
const SIDE = 96; // pixels of the glance, doubled for dense screens

function partOf(element) {
  return element.closest("[data-pictures]");
}

function say(part, text, isFault = false) {
  const place = part.querySelector("[data-said]");
  place.textContent = text;
  place.classList.toggle("pictures-fault", isFault);
}

// While something is on its way the form waits for it.
function wait(part, change) {
  const form = part.closest("form");
  const sending = Number(form.dataset.pictures ?? 0) + change;
  form.dataset.pictures = sending;
  for (const button of form.querySelectorAll("button[type='submit']")) button.disabled = sending > 0;
}

async function glance(file, canvas) {
  try {
    const picture = await createImageBitmap(file);
    const part = Math.min(1, (2 * SIDE) / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * part));
    canvas.height = Math.max(1, Math.round(picture.height * part));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
  } catch {
    // Not a picture: the server says so in words.
  }
}

function send(part, file) {
  const item = document.createElement("li");
  item.className = "picture-kept";
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.setAttribute("aria-hidden", "true");
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.setAttribute("aria-label", part.dataset.sending);
  item.append(canvas, progress);
  part.querySelector("[data-kept]").append(item);
  glance(file, canvas);
  say(part, part.dataset.sending);
  wait(part, 1);

  const body = new FormData();
  body.append("picture", file);
  const request = new XMLHttpRequest();
  request.open("POST", part.dataset.pictures);
  request.setRequestHeader("X-CSRFToken", part.closest("form").elements.csrfmiddlewaretoken.value);
  request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
    if (lengthComputable) progress.value = loaded / total;
  });
  request.addEventListener("load", () => {
    const isWords = /^text\/plain/.test(request.getResponseHeader("Content-Type") ?? "");
    if (request.status === 201) {
      item.outerHTML = request.responseText;
      say(part, part.dataset.sent);
    } else {
      item.remove();
      say(part, isWords ? request.responseText : part.dataset.broken, true);
    }
  });
  request.addEventListener("error", () => {
    item.remove();
    say(part, part.dataset.broken, true);
  });
  return new Promise((done) => {
    request.addEventListener("loadend", () => {
      wait(part, -1);
      changed(part);
      done();
    });
    request.send(body);
  });
}

function changed(part) {
  const items = part.querySelectorAll(".picture-kept").length;
  part.querySelector(".pictures-choose").classList.toggle("pictures-full", items >= Number(part.dataset.most));
  part.closest("form")?.dispatchEvent(new Event("input", { bubbles: true }));
}

// One after the other, in the order in which they were chosen.
async function sendAll(part, files) {
  const folded = part.closest("details");
  if (folded) folded.open = true;
  for (const file of files) {
    if (part.querySelectorAll(".picture-kept").length >= Number(part.dataset.most)) {
      say(part, part.dataset.full, true);
      return;
    }
    await send(part, file);
  }
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-choose]")) return;
  const files = [...target.files];
  target.value = "";
  sendAll(partOf(target), files);
});

function picturesIn(transfer) {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}

function partFor(target) {
  return target.closest?.("form")?.querySelector("[data-pictures]");
}

document.addEventListener("paste", (event) => {
  const part = partFor(event.target);
  const files = picturesIn(event.clipboardData);
  if (!part || !files.length) return;
  event.preventDefault();
  sendAll(part, files);
});

document.addEventListener("dragover", (event) => {
  if (partFor(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const part = partFor(event.target);
  if (!part || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  sendAll(part, picturesIn(event.dataTransfer));
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-earlier], [data-later], [data-drop]");
  const item = button?.closest(".picture-kept");
  if (!item) return;
  const part = partOf(item);
  if (button.matches("[data-drop]")) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    (next?.querySelector("[data-drop]") ?? part.querySelector("[data-choose]")).focus();
  } else {
    if (button.matches("[data-earlier]")) item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    button.focus();
  }
  changed(part);
});

// A picture opens above the page; arrows lead to its neighbours. With a modifier key its link is a link.
let opener = null;
const frame = document.createElement("dialog");
frame.className = "gallery-frame";
const closer = document.createElement("button");
closer.type = "button";
closer.textContent = "×";
closer.setAttribute("aria-label", document.getElementById("words")?.dataset.close ?? "×");

function show(link) {
  opener = link;
  const shown = document.createElement("img");
  const small = link.querySelector("img");
  shown.src = link.href;
  shown.alt = small.alt;
  shown.width = small.getAttribute("width");
  shown.height = small.getAttribute("height");
  // The button stays where it is, and with it the focus.
  if (closer.parentElement !== frame) frame.append(closer);
  frame.querySelector("img")?.remove();
  frame.append(shown);
  frame.setAttribute("aria-label", small.alt);
}

function step(by) {
  const all = [...opener.closest("[data-gallery]").querySelectorAll(".gallery-link")];
  show(all[(all.indexOf(opener) + by + all.length) % all.length]);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".gallery-link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
  if (!frame.isConnected) document.body.append(frame);
  frame.showModal();
});

frame.addEventListener("click", () => frame.close());
frame.addEventListener("close", () => opener?.focus());
frame.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") step(event.key === "ArrowRight" ? 1 : -1);
  else return;
  event.preventDefault();
});
