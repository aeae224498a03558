"""Walks the pages as a rider does, in Debian's Chromium, and keeps a picture of each.

Usage: walk.py PORTAL DATA SUISHOUPAI PICTURES. Ends with 0 where all was as it should be; says what it sees.
Axe (https://www.deque.com/axe/) looks at every page: nothing serious may be found.
"""
import base64
import json
import os
import struct
import subprocess
import sys
import time
import urllib.request
import uuid
import zlib

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

portal, data, program, pictures = sys.argv[1:5]
os.makedirs(pictures, exist_ok=True)
# Inside Mingdu, away from its edge.
PLACE = (28.6846, 115.9462)
faults = []


def check(is_so, words):
    print(("✓ " if is_so else "✗ ") + words, flush=True)
    if not is_so:
        faults.append(words)


def picture(path, shade):
    """A PNG of 800 × 600: a wall, a pavement, and a heap on it."""
    rows = []
    for y in range(600):
        row = bytearray([0])
        for x in range(800):
            heap = (x - 400) ** 2 / 4 + (y - 430) ** 2 < 150 ** 2
            colour = shade if heap else (196, 200, 205) if y > 400 else (150 + (x // 80) % 2 * 8, 120, 96)
            row += bytes(colour)
        rows.append(bytes(row))
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    head = struct.pack(">IIBBBBB", 800, 600, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b""))
    return path


def browser(script=True, phone=True):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=zh-CN",
                     "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--hide-scrollbars"]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": "zh-CN,zh"})
    if phone:
        options.add_experimental_option("mobileEmulation", {
            "deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2, "touch": True}})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.set_script_timeout(60)
    driver.set_page_load_timeout(60)
    driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": portal, "permissions": ["geolocation", "audioCapture"]})
    driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {
        "latitude": PLACE[0], "longitude": PLACE[1], "accuracy": 12})
    if not script:
        # All scripts are files of ours; with scripts forbidden altogether chromedriver itself stands still.
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*.js"]})
    if not phone:
        driver.set_window_size(1280, 900)
    return driver


def wait(driver, condition, words, seconds=40):
    try:
        return WebDriverWait(driver, seconds, poll_frequency=0.2).until(condition)
    except Exception:
        driver.save_screenshot(os.path.join(pictures, "gave-up.png"))
        print(driver.current_url, driver.page_source[:4000], file=sys.stderr)
        raise SystemExit(f"✗ time is up, and still not: {words}")


def shot(driver, name, looks=True):
    """The whole page, and what axe says of it."""
    # The tabs stand at the foot of the window: in a picture of the whole page they would stand in its middle.
    driver.execute_script("const tabs = document.querySelector('.tabs'); if (tabs) tabs.style.position = 'static'")
    metrics = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    wide = driver.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    check(not wide, f"{name}: nothing sticks out sideways")
    width = driver.execute_script("return document.documentElement.clientWidth")
    image = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": True, "clip": {
            "x": 0, "y": 0, "width": width, "height": min(metrics["height"], 2600), "scale": 1}})
    with open(os.path.join(pictures, name + ".png"), "wb") as file:
        file.write(base64.b64decode(image["data"]))
    driver.execute_script("const tabs = document.querySelector('.tabs'); if (tabs) tabs.style.position = ''")
    if not looks:
        return
    axe = Axe(driver)
    axe.inject()
    found = [f for f in axe.run()["violations"] if f["impact"] in ("serious", "critical")]
    check(not found, f"{name}: axe finds nothing serious" + "".join(
        f"; {f['id']}: {f['nodes'][0]['html'][:160]} {f['nodes'][0].get('failureSummary', '')[:200]}" for f in found))


def one(driver, selector):
    return driver.find_element(By.CSS_SELECTOR, selector)


def press(driver, element):
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def token(role, subject):
    return subprocess.check_output(
        [program, "token", "--data", data, "--role", role, "--subject", subject], text=True).strip()


def ask(method, path, bearer, body=None, kind="application/json"):
    request = urllib.request.Request(portal + path, method=method, data=body, headers={
        "Authorization": "Bearer " + bearer, "Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def act(case, bearer, **body):
    return ask("POST", f"/v1/cases/{case}/actions", bearer, json.dumps(body).encode())


def sign_in(driver, subject):
    driver.get(portal + "/report")
    press(driver, one(driver, f"button[value='{subject}']"))
    wait(driver, lambda d: d.current_url.endswith("/report"), "the report page is there")


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


def play_staff(case, after):
    """Files, dispatches, handles with a photo of the work, and verifies."""
    desk, verifier = token("dispatcher", "dispatcher-mingdu-1"), token("verifier", "verifier-mingdu-1")
    act(case, desk, action="file")
    act(case, desk, action="dispatch")
    worker = token("worker", ask("GET", f"/v1/cases/{case}", desk)["handlerId"])
    with open(after, "rb") as file:
        photo = ask("POST", "/v1/photos", worker, file.read(), "application/octet-stream")
    act(case, worker, action="handle", reason="已清运，地面已冲洗",
        photos=[{"id": photo["photoId"], "look": photo["look"]}])
    closed = act(case, verifier, action="verify", agrees=True)
    check(closed["case"]["stage"] == "closed", "staff closed the case")


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
        deadline = time.time() + 30
        while count_reports(rider) == 0 and time.time() < deadline:
            time.sleep(0.2)
        driver.get(portal + "/me")
        driver.get_screenshot_as_file(os.path.join(pictures, "51-no-script-me.png"))
        check("东门口有一堆垃圾" in driver.page_source, "and is listed")
    finally:
        driver.quit()


def on_a_desk(case):
    driver = browser(phone=False)
    try:
        sign_in(driver, "rider-yu")
        for name, path in [("report", "/report"), ("me", "/me"), ("case", f"/me/cases/{case}"), ("wallet", "/wallet")]:
            driver.get(portal + path)
            shot(driver, f"60-desk-{name}")
    finally:
        driver.quit()


def main():
    before = picture(os.path.join(pictures, "photo-before.png"), (70, 90, 40))
    after = picture(os.path.join(pictures, "photo-after.png"), (196, 200, 205))
    driver = browser()
    try:
        driver.get(portal + "/report")
        check("/sign-in?back=/report" in driver.current_url, "a stranger is led to sign in")
        shot(driver, "01-sign-in")
        sign_in(driver, "rider-yu")
        shot(driver, "02-report")
        report(driver, before)
        case = latest_case(driver, 1)
        play_staff(case, after)
        rate(driver, case)
        order(driver)
        offline(driver, before)
        rider = token("rider", "rider-yu")
        deadline = time.time() + 30
        while count_reports(rider) < 2 and time.time() < deadline:
            time.sleep(0.2)
        numbers = ask("GET", f"/v1/cases/{case}", rider)
        check(count_reports(rider) <= 2, f"the draft came once ({count_reports(rider)} cases, {numbers['reporters']} reporters)")
        driver.get(portal + "/inbox")
        shot(driver, "10-inbox")
        in_english_and_dark(driver, case)
        wrong = [line["message"] for line in driver.get_log("browser")
                 if line["level"] == "SEVERE" and "BLOCKED" not in line["message"].upper()]
        check(not wrong, "the browser complains of nothing" + "".join("; " + words[:300] for words in wrong))
        press(driver, one(driver, "form[action='/sign-out'] button"))
        wait(driver, lambda d: "/sign-in" in d.current_url, "signed out")
        driver.get(portal + "/me")
        check("/sign-in" in driver.current_url, "who signed out is a stranger")
    finally:
        driver.quit()
    without_script(before)
    on_a_desk(case)
    print(f"pictures: {pictures}")
    raise SystemExit(1 if faults else 0)


main()
