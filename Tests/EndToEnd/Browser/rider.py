"""The pages for those who report, as a rider walks them."""
import json
import os

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from browsing import ask, browser, check, eventually, is_at, one, pictures, portal, press, shot, sign_in, token, wait


def latest_case(driver, number):
    """Waits until so many cases are listed, and gives the newest one's id."""
    def look(d):
        d.get(portal + "/me")
        cards = d.find_elements(By.CSS_SELECTOR, "a.card")
        return cards[0].get_attribute("href").rsplit("/", 1)[1] if len(cards) == number else None
    return wait(driver, look, f"{number} cases are listed")


def report(driver, before):
    """Three taps: a photo, a place, sent."""
    one(driver, "#photo").send_keys(before)
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#pictures img"), "the photo is shown")
    press(driver, one(driver, "#locate"))
    wait(driver, lambda d: one(d, "input[name=latitude]").get_attribute("value"), "the position is found")
    shot(driver, "03-report-filled")
    press(driver, one(driver, ".send button"))
    wait(driver, lambda d: "/me?sent=" in d.current_url, "the report was sent")
    shot(driver, "04-me-just-sent")


def rate(driver, case):
    driver.get(f"{portal}/me/cases/{case}")
    check("已结案" in driver.page_source and "核查员到现场看过" in driver.page_source, "the timeline tells it in plain words")
    loaded = "return [...document.querySelectorAll('.photos img')].every(i => i.complete && i.naturalWidth > 0)"
    driver.execute_script("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    wait(driver, lambda d: d.execute_script(loaded), "the photos are shown")
    check(len(driver.find_elements(By.CSS_SELECTOR, ".photos figure")) == 2, "before and after stand side by side")
    shot(driver, "05-case-closed")
    for name in ("solved", "satisfied"):
        press(driver, one(driver, f"input[name={name}][value=yes]"))
    press(driver, one(driver, "form input[value=rate] ~ button"))
    wait(driver, lambda d: "done=1" in d.current_url, "the rating was taken")
    shot(driver, "06-case-rated")
    check(not driver.find_elements(By.CSS_SELECTOR, "input[value=rate]"), "nobody is asked twice")


def order(driver):
    station = token("station", "station-mingdu-1")
    prizes = ask("GET", "/v1/prizes", station)["items"]
    cheapest = min((p for p in prizes if p["price"]), key=lambda p: p["price"])
    place = ask("GET", "/v1/stations", station)["items"][0]["stationId"]
    request = json.dumps({"move": "delivered", "lines": [{"prizeId": cheapest["prizeId"], "count": 9}]}).encode()
    ask("POST", f"/v1/stations/{place}/stock", station, request)

    def enough(d):
        d.get(portal + "/wallet")
        return int(one(d, "[data-balance]").text) > 0
    wait(driver, enough, "the points can be spent")
    check("暴露垃圾" in driver.page_source or "立案" in driver.page_source, "the wallet says how the points came about")
    shot(driver, "07-wallet")
    forms = driver.find_elements(By.CSS_SELECTOR, ".prize form button")
    if forms:
        press(driver, forms[0])
        wait(driver, lambda d: "done=1" in d.current_url, "the order was taken")
        wait(driver, lambda d: d.get(portal + "/wallet") or d.find_elements(By.CSS_SELECTOR, ".code strong"), "the pick-up code is shown")
        shot(driver, "08-wallet-ordered")
    else:
        print(f"• {cheapest['price']} points are needed for the cheapest prize")


def offline(driver, before):
    """A report without a net waits, and is sent once when the net is back."""
    driver.get(portal + "/report")
    wait(driver, lambda d: d.execute_script("return navigator.serviceWorker.controller !== null"), "the service worker is there")
    one(driver, "#photo").send_keys(before)
    press(driver, one(driver, "#locate"))
    wait(driver, lambda d: one(d, "input[name=latitude]").get_attribute("value"), "the position is found")
    # The page's own requests for reports fail, as without a net.
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/session", "*/v1/reports"]})
    press(driver, one(driver, ".send button"))
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#drafts:not([hidden]) li"), "the draft waits")
    shot(driver, "09-report-draft-waits")
    driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    driver.execute_script("dispatchEvent(new Event('online')); dispatchEvent(new Event('online'))")
    wait(driver, lambda d: d.execute_async_script("Drafts.all().then(a => arguments[0](a.length === 0))"), "the draft was sent")


def count_reports(rider):
    return len(ask("GET", "/v1/me/reports", rider)["items"])


def in_english_and_dark(driver, case):
    driver.get(portal + "/language?to=en&back=/me")
    for name, path in [("report", "/report"), ("report-request", "/report?kind=request"), ("me", "/me"),
                       ("case", f"/me/cases/{case}"), ("wallet", "/wallet"), ("inbox", "/inbox")]:
        driver.get(portal + path)
        shot(driver, f"20-en-{name}")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    for name, path in [("report", "/report"), ("case", f"/me/cases/{case}"), ("wallet", "/wallet")]:
        driver.get(portal + path)
        shot(driver, f"30-dark-{name}")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    driver.get(portal + "/language?to=zh&back=/me")
    press(driver, one(driver, "#large-type"))
    driver.get(portal + "/report")
    shot(driver, "40-large-report")
    driver.get(f"{portal}/me/cases/{case}")
    shot(driver, "40-large-case")
    driver.execute_script("localStorage.clear()")


def without_script(before):
    driver = browser(script=False)
    try:
        driver.get(portal + "/report")
        one(driver, "button[value='rider-chen']").click()
        one(driver, "#photo").send_keys(before)
        choice = Select(one(driver, "select[name=landmark]"))
        choice.select_by_value(choice.options[1].get_attribute("value"))
        one(driver, "textarea[name=description]").send_keys("东门口有一堆垃圾")
        driver.get_screenshot_as_file(os.path.join(pictures, "50-no-script-report.png"))
        one(driver, ".send button").click()
        wait(driver, lambda d: "/me?sent=" in d.current_url, "the report went without a script")
        check("/me?sent=" in driver.current_url, "a report goes without a script, too")
        rider = token("rider", "rider-chen")
        eventually(lambda: count_reports(rider) > 0, "the report is a case")
        driver.get(portal + "/me")
        driver.get_screenshot_as_file(os.path.join(pictures, "51-no-script-me.png"))
        check("东门口有一堆垃圾" in driver.page_source, "and is listed")
    finally:
        driver.quit()


def on_a_desk(case):
    driver = browser(phone=False)
    try:
        sign_in(driver, "rider-yu")
        wait(driver, lambda d: is_at(d, "/report"), "the report page is there")
        for name, path in [("report", "/report"), ("me", "/me"), ("case", f"/me/cases/{case}"), ("wallet", "/wallet")]:
            driver.get(portal + path)
            shot(driver, f"60-desk-{name}")
    finally:
        driver.quit()


def count_looks(driver):
    """How often staff looked at who is signed in, by their own page."""
    driver.get(portal + "/me")
    found = driver.find_elements(By.CSS_SELECTOR, "details.looks summary")
    return int(found[0].text.split()[-1].split("：")[-1]) if found else 0
