"""What every walk needs: a browser, pictures of pages, what axe says of them, and portal's API for who is not played."""
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
from urllib.parse import urlsplit

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

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


def browser(script=True, phone=True, size=None, language="zh-CN"):
    """Chromium: a phone, a desk, or a screen of any size."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--lang={language}",
                     "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--hide-scrollbars"]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": f"{language},{language[:2]}"})
    if phone and not size:
        options.add_experimental_option("mobileEmulation", {
            "deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2, "touch": True}})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.set_script_timeout(120)
    driver.set_page_load_timeout(120)
    driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": portal, "permissions": ["geolocation", "audioCapture"]})
    driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {
        "latitude": PLACE[0], "longitude": PLACE[1], "accuracy": 12})
    if not script:
        # All scripts are files of ours; with scripts forbidden altogether chromedriver itself stands still.
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*.js"]})
    if size:
        resize(driver, *size)
    elif not phone:
        driver.set_window_size(1280, 900)
    return driver


def eventually(condition, words, seconds=60):
    """What the condition gives once it holds; the walk ends where it does not in time."""
    try:
        return WebDriverWait(None, seconds, poll_frequency=0.2).until(lambda _: condition())
    except TimeoutException:
        raise SystemExit(f"✗ time is up, and still not: {words}")


def wait(driver, condition, words, seconds=40):
    """The same of what stands in a browser, with a picture where it does not come."""
    try:
        return WebDriverWait(driver, seconds, poll_frequency=0.2, ignored_exceptions=[StaleElementReferenceException]).until(condition)
    except Exception:
        driver.save_screenshot(os.path.join(pictures, "gave-up.png"))
        print(driver.current_url, driver.page_source[:4000], file=sys.stderr)
        raise SystemExit(f"✗ time is up, and still not: {words}")


def shot(driver, name, looks=True, whole=True, most=2600):
    """The whole page or what is in the window, and what axe says of it."""
    # What sticks to an edge of the window would stand in the middle of a picture of the whole page.
    driver.execute_script("for (const one of document.querySelectorAll('.tabs, .send, .batch, .spot-foot, .cases th')) one.style.position = 'static'" if whole else "")
    metrics = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    wide = driver.execute_script("return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    check(not wide, f"{name}: nothing sticks out sideways")
    lost = driver.execute_script("""return [...document.querySelectorAll('div')].filter(one =>
        getComputedStyle(one).overflowX === 'auto' && one.firstElementChild &&
        one.firstElementChild.getBoundingClientRect().width > one.scrollWidth + 1).map(one => one.className)""")
    check(not lost, f"{name}: what is wider than its place can be scrolled to, all of it: {lost}")
    width, height, top = driver.execute_script("return [document.documentElement.clientWidth, innerHeight, scrollY]")
    image = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "captureBeyondViewport": whole, "clip": {
            "x": 0, "y": 0 if whole else top, "width": width,
            "height": min(max(metrics["height"], height), most) if whole else height, "scale": 1}})
    with open(os.path.join(pictures, name + ".png"), "wb") as file:
        file.write(base64.b64decode(image["data"]))
    driver.execute_script("for (const one of document.querySelectorAll('.tabs, .send, .batch, .spot-foot, .cases th')) one.style.position = ''")
    if not looks:
        return
    # What fades is judged as it stands in the end.
    driver.execute_script("for (const one of document.getAnimations()) if (one.effect.getComputedTiming().endTime !== Infinity) one.finish()")
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


def sign_in(driver, subject, page="/report"):
    driver.get(portal + page)
    button = one(driver, f"button[value='{subject}']")
    driver.execute_script("for (let at = arguments[0]; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true", button)
    press(driver, button)


def is_at(driver, path):
    """Whether the browser shows this page, and not the sign-in that leads back to it."""
    return urlsplit(driver.current_url).path == urlsplit(path).path


def complaints(driver):
    """What the browser wrote to its console of what went wrong; addresses that a walk blocked apart."""
    return [line["message"] for line in driver.get_log("browser")
            if line["level"] == "SEVERE" and "BLOCKED" not in line["message"].upper()]


def resize(driver, width, height=900):
    """Another window, as a phone or a desk has it."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 2 if width < 600 else 1, "mobile": width < 600})


def both(driver, name):
    """The page as it is on a phone and on a desk."""
    for width, size in ((390, "phone"), (1280, "desk")):
        resize(driver, width)
        shot(driver, f"{name}-{size}")
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
