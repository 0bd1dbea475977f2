"""The settings as a member sees them: filled, empty, refused, and on the way through what takes several steps.

The places follow each other: a later one may look at what an earlier one has left.
"""

import io
import re
from collections.abc import Callable

from eth_account import Account
from eth_account.messages import encode_defunct
from PIL import Image
from playwright.sync_api import Page

from e2e.gallery import Place
from e2e.people import code_for, fresh_number, set_up_second_factor

SECURITY = "/settings/security/"
_KEY = Account.from_key((2026).to_bytes(32, "big"))
_A_MINUTE = 60_000
_keeps: dict[str, str] = {}


def send(page: Page, button: str, **answers: str) -> None:
    """Fill in the form of a button and send it as a browser without checks of its own would."""
    sender = page.locator("main").get_by_role("button", name=button, exact=True).last
    form = sender.locator("xpath=ancestor::form")
    form.evaluate("(form) => { form.noValidate = true }")
    for name, value in answers.items():
        form.locator(f"[name={name}]").fill(value)
    sender.click()


def refused(button: str, **answers: str) -> Callable[[Page], None]:
    def refuse(page: Page) -> None:
        send(page, button, **answers)
        page.locator("main").get_by_role("alert").first.wait_for()

    return refuse


def a_drawing() -> bytes:
    """Something to show: a sky, a hill, and a sun on it."""
    drawing = Image.new("RGB", (600, 400), "#f3b562")
    drawing.paste("#c8553d", (380, 90, 480, 190))
    drawing.paste("#2a6f6f", (0, 240, 600, 400))
    kept = io.BytesIO()
    drawing.save(kept, "JPEG")
    return kept.getvalue()


def upload(page: Page) -> None:
    page.get_by_label("File").set_input_files({"name": "hill.jpg", "mimeType": "image/jpeg", "buffer": a_drawing()})
    page.get_by_role("button", name=re.compile("(Upload|Change) the picture")).click()
    page.locator(".settings-body .avatar img").wait_for()


def refuse_upload(page: Page) -> None:
    page.get_by_label("File").set_input_files({"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    page.get_by_role("button", name=re.compile("(Upload|Change) the picture")).click()
    page.get_by_role("alert").first.wait_for()


def ask_to_close_page(page: Page) -> None:
    page.get_by_role("link", name="Close the page").click()
    page.get_by_role("dialog").wait_for()


def refuse_quiet_hours(page: Page) -> None:
    page.get_by_label("Quiet from").fill("22:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").first.wait_for()


def read_all(page: Page) -> None:
    page.get_by_role("button", name="Mark all as read").click()
    page.goto("/notifications/?show=unread")


def ask_for_link(page: Page) -> None:
    send(page, "Send the link", email="ana.oliveira@example.org")
    page.get_by_text("A link is on its way").wait_for()


def follow_link(page: Page) -> None:
    letters = page.request.get("/dev/outbox.json").json()
    said = next(letter["body"] for letter in letters if "/settings/security/email/" in letter["body"])
    page.goto(re.search(r"/settings/security/email/[^/\s]+/", said)[0])  # type: ignore[index]


def ask_for_both_codes(page: Page) -> None:
    _keeps["number"] = fresh_number()
    send(page, "Send both codes", phone=_keeps["number"])
    page.get_by_label("Code sent to the new number").wait_for()


def refuse_both_codes(page: Page) -> None:
    ask_for_both_codes(page)
    send(page, "Change the number", old_code="12", new_code=code_for(page.request, _keeps["number"]))
    page.get_by_role("alert").first.wait_for()


def ask_who_it_is(page: Page) -> None:
    page.get_by_role("button", name="Send me a code").click()
    page.locator("main").get_by_role("textbox").wait_for()


def refuse_who_it_is(page: Page) -> None:
    # The code of before is still good: its form is what the page shows.
    send(page, "Go on", answer="000000")
    page.get_by_role("alert").first.wait_for()


def set_up(page: Page) -> None:
    _keeps["recovery"] = set_up_second_factor(page)[1][0]


def set_up_and_keep(page: Page) -> None:
    # The codes are shown until one has said so.
    page.goto(f"{SECURITY}second-factor/codes/new/")
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("heading", name="Ways in").wait_for()


def ask_for_text(page: Page) -> None:
    send(page, "Make the text to sign", address=_KEY.address)
    page.locator("#text-to-sign").wait_for()


def refuse_signature(page: Page) -> None:
    ask_for_text(page)
    send(page, "Prove the address", signature="0x12")
    page.get_by_role("alert").first.wait_for()


def prove(page: Page) -> None:
    ask_for_text(page)
    text = page.locator("#text-to-sign").text_content() or ""
    signature = _KEY.sign_message(encode_defunct(text=text)).signature.hex().removeprefix("0x")
    send(page, "Prove the address", signature=f"0x{signature}")
    page.locator(".addresses").wait_for()


def make_copy(page: Page) -> None:
    page.get_by_role("button", name="Make a copy").click()
    page.get_by_role("link", name=re.compile("^Fetch")).wait_for(timeout=_A_MINUTE)


def refuse_copy(page: Page) -> None:
    page.get_by_role("button", name="Make a copy").click()
    page.locator("main").get_by_role("alert").first.wait_for()


def close_account(page: Page) -> None:
    page.get_by_label(re.compile("I know that everything")).check()
    page.get_by_role("button", name="Close my account").click()
    page.get_by_role("heading", name="Your account is closed").wait_for()


def of_member(*, own: str, further: str, other: str) -> list[Place]:
    """The settings of somebody who has lived here for weeks. `further` is another page of theirs."""
    return [
        Place("settings", "/settings/"),
        Place("settings-profile", "/settings/profile/"),
        Place("settings-profile-refused", "/settings/profile/", refused("Save the profile", website="my garden")),
        Place("settings-pages", "/settings/pages/"),
        Place("settings-open-page", "/settings/pages/open/"),
        Place(
            "settings-open-page-refused",
            "/settings/pages/open/",
            refused("Open the page", username=own, display_name="Somebody else"),
        ),
        Place("settings-page", f"/settings/pages/@{own}/"),
        Place("settings-page-picture", f"/settings/pages/@{own}/", upload),
        Place("settings-page-picture-refused", f"/settings/pages/@{further}/", refuse_upload),
        Place("settings-page-name-refused", f"/settings/pages/@{own}/", refused("Change the username", username="a b")),
        Place("settings-page-closing", f"/settings/pages/@{further}/", ask_to_close_page),
        Place("settings-privacy", "/settings/privacy/"),
        Place("settings-privacy-refused", "/settings/privacy/", refused("Mute the word", word=" ")),
        Place("block", f"/settings/privacy/blocks/@{other}/"),
        Place("settings-notifications", "/settings/notifications/"),
        Place("settings-notifications-refused", "/settings/notifications/", refuse_quiet_hours),
        Place("notifications", "/notifications/"),
        Place("settings-addresses-refused", "/settings/addresses/", refused("Make the text to sign", address="0x12")),
        Place("settings-addresses-proving", "/settings/addresses/", ask_for_text),
        Place("settings-addresses-signature-refused", "/settings/addresses/", refuse_signature),
        Place("settings-addresses", "/settings/addresses/", prove),
        Place("settings-invitations", "/settings/invitations/"),
        Place(
            "settings-invitations-refused",
            "/settings/invitations/",
            refused("Make the link", uses="0", days="500", note="Choir", gift="99999"),
        ),
        Place("settings-data", "/settings/data/"),
        Place("settings-data-copy", "/settings/data/", make_copy),
        Place("settings-data-refused", "/settings/data/", refuse_copy),
        Place("settings-close", "/settings/data/close/"),
        Place("settings-close-refused", "/settings/data/close/", refused("Close my account")),
        *_of_security(),
    ]


def _of_security() -> list[Place]:
    return [
        Place("settings-security", SECURITY),
        Place("settings-sessions", f"{SECURITY}sessions/"),
        Place("settings-number", f"{SECURITY}number/"),
        Place("settings-number-refused", f"{SECURITY}number/", refused("Send both codes", phone="12")),
        Place("settings-number-codes", f"{SECURITY}number/", ask_for_both_codes),
        Place("settings-number-codes-refused", f"{SECURITY}number/", refuse_both_codes),
        Place("settings-email", f"{SECURITY}email/"),
        Place("settings-email-refused", f"{SECURITY}email/", refused("Send the link", email="ana at home")),
        Place("settings-email-sent", f"{SECURITY}email/", ask_for_link),
        Place("settings-email-link", f"{SECURITY}email/", follow_link),
        Place("settings-password", f"{SECURITY}password/"),
        Place("settings-password-refused", f"{SECURITY}password/", refused("Set it", password="password")),
        Place("is-it-you", f"{SECURITY}confirm/"),
        Place("is-it-you-code", f"{SECURITY}confirm/", ask_who_it_is),
        Place("is-it-you-refused", f"{SECURITY}confirm/", refuse_who_it_is),
        Place("settings-second-factor", f"{SECURITY}second-factor/"),
        Place("settings-second-factor-refused", f"{SECURITY}second-factor/", refused("Switch it on", answer="000000")),
        Place("settings-second-factor-codes", f"{SECURITY}second-factor/", set_up),
        Place("settings-security-protected", SECURITY, set_up_and_keep),
        Place("settings-second-factor-off", f"{SECURITY}second-factor/off/"),
        Place(
            "settings-second-factor-off-refused",
            f"{SECURITY}second-factor/off/",
            refused("Switch it off", answer="000000"),
        ),
        Place("settings-recovery-codes", f"{SECURITY}second-factor/codes/"),
        Place("is-it-you-factor", f"{SECURITY}confirm/"),
    ]


def of_newcomer() -> list[Place]:
    """The settings before anything is in them; at the end the account is closed."""
    return [
        Place("notifications-read", "/notifications/", read_all),
        Place("settings-profile-empty", "/settings/profile/"),
        Place("settings-pages-one", "/settings/pages/"),
        Place("settings-privacy-empty", "/settings/privacy/"),
        Place("settings-notifications-without-email", "/settings/notifications/"),
        Place("settings-security-empty", SECURITY),
        Place("settings-sessions-one", f"{SECURITY}sessions/"),
        Place("settings-email-empty", f"{SECURITY}email/"),
        Place("settings-password-without-email", f"{SECURITY}password/"),
        Place("settings-addresses-empty", "/settings/addresses/"),
        Place("settings-invitations-empty", "/settings/invitations/"),
        Place("settings-data-empty", "/settings/data/"),
        Place("good-bye", "/settings/data/close/", close_account),
    ]
