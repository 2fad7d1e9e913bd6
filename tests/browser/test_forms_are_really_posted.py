"""Forms on private pages are sent by a real Chromium: their header says no-referrer, and still the origin is named."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_the_code_typed_on_the_tracking_page_opens_the_case(visit, site, javascript):
    found = visit(width=360, javascript=javascript)
    found.goto("/track/")
    page = found.page
    page.fill("[name=code]", site.pages["tracking"].strip("/").split("/")[-1].lower())
    with page.expect_navigation() as sent:
        page.locator("main form button[type=submit]").click()
    assert sent.value.status == 200
    assert page.url.endswith(site.pages["tracking"].replace("-", ""))
    assert found.complaints == []


def test_a_message_is_added_from_the_tracking_page(visit, site):
    found = visit()
    found.goto(site.pages["tracking"])
    page = found.page
    page.fill("[name=text]", "补充：机身背面也有水。")
    with page.expect_navigation() as sent:
        page.locator("#reply button[type=submit]").click()
    assert sent.value.status == 200
    assert "补充：机身背面也有水。" in page.locator(".thread").inner_text()


def test_a_photo_of_a_refused_form_is_listed_once(visit, tmp_path):
    photo = tmp_path / "漏水.pdf"
    photo.write_bytes(b"%PDF-1.4\n1 0 obj\n%%EOF")
    found = visit()
    found.goto("/")
    page = found.page
    page.set_input_files("#id_uploads", photo)
    expect(page.locator(".files li")).to_have_count(1)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector("[role=alert]")
    expect(page.locator(".files li")).to_have_count(1)
    expect(page.locator("[name=kept]")).to_have_count(1)


def test_the_button_for_files_speaks_the_pages_language_and_fits_a_phone(visit, site):
    found = visit("zhou", width=360)
    found.goto(site.pages["ticket"])
    label = found.page.locator("#composer [data-pick]")
    assert label.inner_text().strip() == "选择文件"
    box = label.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360


def test_a_sheet_is_chosen_in_the_pages_language_named_and_read(visit, tmp_path):
    sheet = tmp_path / "评价.csv"
    sheet.write_text("评价内容,星级\n送货慢了两天,2\n", encoding="utf-8")
    found = visit("zhou", width=360)
    found.goto("/imports/")
    page = found.page
    assert page.locator("[data-pick]").inner_text().strip() == "选择文件"
    page.set_input_files("#id_file", sheet)
    expect(page.locator(".files .name")).to_have_text("评价.csv")
    page.locator("main form button.primary").click()
    page.wait_for_selector("[role=alert], .error")
    expect(page.locator(".files .name")).to_have_text("评价.csv")  # what was chosen stays when the rest is refused
    page.fill("[name=source]", "美团")
    page.locator("main form button.primary").click()
    page.wait_for_url("**/imports/*/")
    assert "送货慢了两天" in page.locator("#sample").inner_text()


def test_the_answer_to_the_survey_is_sent(visit, site):
    found = visit(width=360)
    found.goto(site.pages["survey"])
    page = found.page
    page.locator("input[name=rating][value=satisfied]").check(force=True)
    with page.expect_navigation() as sent:
        page.locator("main form button[type=submit], main form button.primary").first.click()
    assert sent.value.status == 200
    assert "已记录" in page.locator("main").inner_text()
    assert found.complaints == []


def test_going_back_after_a_refused_form_shows_the_form_with_what_was_typed(visit):
    """Chromium answered with ERR_CACHE_MISS."""
    found = visit("zhou")
    found.goto("/replies/new/")
    page = found.page
    page.fill("[name=text]", "您好，感谢来信。")
    page.fill("[name=number]", "Q20990101-000001")
    page.fill("[name=name]", "致谢")
    with page.expect_navigation() as sent:
        page.locator("main [name=preview]").click()
    assert sent.value.status == 422
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("main .head a").first.click()
    page.wait_for_url("**/replies/")
    page.go_back()
    assert page.url.endswith("/replies/new/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("您好，感谢来信。")
    page.reload()
    expect(page.locator("h1")).to_be_visible()


def test_going_back_after_a_refused_move_shows_the_ticket(visit, site):
    found = visit("zhou")
    found.goto(site.pages["ticket"])
    page = found.page
    page.locator("#composer textarea").first.fill("")
    page.locator("#composer").evaluate("form => { form.noValidate = true; form.submit(); }")
    page.wait_for_selector("[role=alert]")
    found.goto("/desk/")
    page.go_back()
    assert page.url.endswith(site.pages["ticket"])
    expect(page.locator("h1")).to_be_visible()
