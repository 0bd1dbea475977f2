"""Proving an address: with a wallet in the browser, and by copy and paste."""

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from playwright.sync_api import Page, expect

from e2e.people import Person

# What wallets put into a page (EIP-1193), as far as the site uses it; the key stays with the test.
WALLET = """
window.ethereum = {
  request: async ({ method, params }) => {
    if (method === "eth_requestAccounts") return ["ADDRESS"];
    if (method === "personal_sign") return await window.signInWallet(...params);
    throw new Error(method);
  },
};
"""


def key(number: int) -> LocalAccount:
    return Account.from_key(number.to_bytes(32, "big"))


def signed(by: LocalAccount, text: str) -> str:
    return "0x" + by.sign_message(encode_defunct(text=text)).signature.hex().removeprefix("0x")


def prove_by_paste(page: Page, by: LocalAccount) -> None:
    text = page.locator("#text-to-sign").text_content() or ""
    page.get_by_role("textbox", name="Signature").fill(signed(by, text))
    page.get_by_role("button", name="Prove the address").click()


def test_a_wallet_in_the_browser_fills_in_the_forms(ana: Person):
    page, owner = ana.page, key(101)
    asked: list[str] = []

    def sign(text: str, address: str) -> str:
        asked.append(address)
        return signed(owner, bytes.fromhex(text.removeprefix("0x")).decode())

    page.expose_function("signInWallet", sign)
    page.add_init_script(WALLET.replace("ADDRESS", owner.address.lower()))
    page.goto("/settings/addresses/")
    page.get_by_role("button", name="Ask my wallet for the address").click()
    expect(page.get_by_role("textbox", name="Address")).to_have_value(owner.address.lower())
    page.get_by_role("button", name="Make the text to sign").click()
    expect(page.locator("#text-to-sign")).to_contain_text(f"belongs to @{ana.username}")
    page.get_by_role("button", name="Sign with my wallet").click()
    expect(page.get_by_role("main")).to_contain_text("is proved to be yours")
    expect(page.locator(".addresses")).to_contain_text(owner.address)
    assert asked == [owner.address]


def test_a_wallet_that_says_no_leaves_the_other_way(ana: Person):
    page, owner = ana.page, key(102)
    page.expose_function("signInWallet", lambda *_asked: None)
    page.add_init_script('window.ethereum = { request: async () => { throw new Error("no"); } };')
    page.goto("/settings/addresses/")
    page.get_by_role("button", name="Ask my wallet for the address").click()
    expect(page.get_by_text("Your wallet gave no address. You can paste one.")).to_be_visible()
    page.get_by_role("textbox", name="Address").fill(owner.address)
    page.get_by_role("button", name="Make the text to sign").click()
    page.get_by_role("textbox", name="Signature").fill(
        signed(owner, page.locator("#text-to-sign").text_content() or "")
    )
    page.get_by_role("button", name="Prove the address").click()
    expect(page.locator(".addresses")).to_contain_text(owner.address)


def test_without_a_wallet_nothing_speaks_of_one_and_an_address_is_removed_in_a_dialog(ana: Person):
    page, owner = ana.page, key(103)
    page.goto("/settings/addresses/")
    expect(page.get_by_role("button", name="Ask my wallet for the address")).to_be_hidden()
    page.get_by_role("textbox", name="Address").fill(owner.address)
    page.get_by_role("button", name="Make the text to sign").click()
    page.get_by_role("textbox", name="Signature").fill(
        signed(owner, page.locator("#text-to-sign").text_content() or "")
    )
    page.get_by_role("button", name="Prove the address").click()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="No address yet")).to_be_visible()
