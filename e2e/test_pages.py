"""Being several people: a further page, its picture, acting as it; an old name that leads on; keeping others away."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from e2e.people import Person


def a_picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (400, 300), "#2a7").save(drawn, "JPEG")
    return drawn.getvalue()


def test_a_further_page_gets_a_picture_and_writes(ana: Person, bo: Person):
    page, name = ana.page, f"baker_{ana.username}"[:30]
    page.goto("/settings/pages/")
    page.get_by_role("link", name="Open a page").click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("Name", exact=True).fill("The night baker")
    page.get_by_role("button", name="Open the page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"@{name}")

    page.get_by_label("File").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_picture()})
    page.get_by_role("button", name="Upload the picture").click()
    picture = page.locator(".settings-body .avatar img")
    expect(picture).to_have_attribute("src", re.compile(r"^/media/avatars/[0-9a-f]{32}-256\.webp$"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256

    page.get_by_label("File").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"<svg/>"})
    page.get_by_role("button", name="Change the picture").click()
    expect(page.get_by_role("alert")).to_contain_text("not a JPEG, PNG or WebP")

    page.goto("/settings/pages/")
    page.get_by_role("button", name="Act as it").click()
    expect(page.locator(".rail-foot")).to_contain_text(f"@{name}")
    words = f"Bread from {name}."
    ana.writes(words)
    bo.page.goto(f"/@{name}/")
    expect(bo.page.locator("article.post", has_text=words)).to_contain_text("The night baker")
    expect(bo.page.locator(".profile img")).to_be_visible()

    page.goto("/")
    page.locator(".account > summary").click()
    page.get_by_role("button", name=f"Act as @{ana.username}").click()
    expect(page.locator(".rail-foot .person-handle")).to_have_text(f"@{ana.username}")


def test_an_old_name_leads_to_the_page(ana: Person, bo: Person):
    page, name = ana.page, f"new_{ana.username}"[:30]
    page.goto(f"/settings/pages/@{ana.username}/")
    page.get_by_label("New username").fill(name)
    page.get_by_role("button", name="Change the username").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"@{name}")
    bo.page.goto(f"/@{ana.username}/")
    expect(bo.page).to_have_url(re.compile(f"/@{name}/$"))


def test_who_is_blocked_is_met_no_more(ana: Person, bo: Person):
    words = f"Look here, says {bo.username}."
    post = bo.writes(words)
    page = ana.page
    page.goto(f"/@{bo.username}/")
    page.get_by_role("button", name="Follow").click()
    page.goto(f"/@{bo.username}/")
    page.locator(".profile details.menu > summary").click()
    page.get_by_role("link", name="Block").click()
    page.get_by_role("dialog").get_by_role("button", name="Block").click()
    expect(page.locator(".profile")).to_contain_text("blocked by you")
    page.goto("/following/")
    expect(page.locator("article.post", has_text=words)).to_have_count(0)

    page.goto(post)
    page.get_by_label("Your comment").fill("Anybody there?")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("keep apart")

    page.goto("/settings/privacy/")
    page.get_by_role("button", name=f"Unblock @{bo.username}").click()
    expect(page.locator("#blocks")).to_contain_text("You have blocked nobody")
