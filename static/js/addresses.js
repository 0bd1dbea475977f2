// Wallets that live in the browser (EIP-1193) can fill in the two forms; without one, people copy and paste.
const wallet = window.ethereum;

function refused() {
  const place = document.querySelector("[data-wallet-refused]");
  place.textContent = place.dataset.words;
  place.hidden = false;
}

// Buttons stand in the page for those who have a wallet, and are no part of it for the others.
function offer(selector, work) {
  const button = document.querySelector(selector);
  if (!wallet?.request || !button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    document.querySelector("[data-wallet-refused]").hidden = true;
    try {
      await work();
    } catch {
      refused(); // the person said no, or the wallet is locked
    } finally {
      button.disabled = false;
    }
  });
}

offer("[data-wallet-address]", async () => {
  const [address] = await wallet.request({ method: "eth_requestAccounts" });
  const field = document.querySelector("[name=address]");
  field.value = address;
  field.focus();
});

// personal_sign takes the text as the hexadecimal of its UTF-8 bytes, so that no wallet takes it for anything else.
function asHex(text) {
  return `0x${Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

offer("[data-wallet-sign]", async () => {
  const text = document.getElementById("text-to-sign");
  await wallet.request({ method: "eth_requestAccounts" });
  const signature = await wallet.request({
    method: "personal_sign",
    params: [asHex(text.textContent), text.dataset.address],
  });
  const form = document.querySelector("[data-proof]");
  form.elements.signature.value = signature;
  form.requestSubmit();
});
