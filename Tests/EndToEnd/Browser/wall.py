"""Looks at the board on a wall and the staff's map: they keep up, stay small, find back, and can be read.

Usage: wall.py PORTAL DATA SUISHOUPAI PICTURES. Ends with 0 where all was as it should be; says what it sees.
"""
import json
import os
import random
import signal
import time
import urllib.error
import urllib.request

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from browsing import act, ask, browser, check, data, eventually, faults, one, pictures, portal, press, shot, sign_in, token, wait

WALL = (1920, 1080)
CATEGORIES = ["E0102", "E0108", "E0201", "E0501"]
# So many steps are fed to the board: at one a minute, day and night, two weeks of them.
FED = 20_000

# Stands in for the feed and for the board's own answers, each of which differs from the one before.
STAND_IN = """
(() => {
  const real = self.fetch.bind(self);
  let base = null;
  self.shown = 0;
  class Feed extends EventTarget {
    static CLOSED = 2;
    constructor() { super(); this.readyState = 1; self.feed = this; }
    close() { this.readyState = 2; }
  }
  self.EventSource = Feed;
  self.fetch = async (address, options) => {
    if (address !== "/wall/live") return real(address, options);
    if (base === null) base = await (await real(address, options)).text();
    self.shown += 1;
    const number = self.shown;
    const text = base.replace(/data-step="(\\d+)"/g, (all, step) => `data-step="${Number(step) + number}"`)
      .replace(/(data-count="[^"]+">)\\d+/g, (all, start) => start + number);
    return new Response(text, { headers: { date: new Date().toUTCString() } });
  };
  // One step, and what the board shows for it.
  self.feedSteps = async (count) => {
    document.body.dataset.pace = "0";
    for (let step = 0; step < count; step += 1) {
      const before = self.shown;
      self.feed.dispatchEvent(new MessageEvent("step", { data: "{}" }));
      while (self.shown === before) await new Promise((go) => { const line = new MessageChannel(); line.port1.onmessage = () => { line.port1.close(); go(); }; line.port2.postMessage(0); });
    }
  };
})();
"""


def reports(count, seed=8):
    """Reports all over the communities; the same places for the same seed."""
    dice = random.Random(seed)
    areas = [feature["geometry"] for feature in json.loads(fetch("/map/communities.json"))["features"] if feature["geometry"]["type"] == "MultiPolygon"]
    people = [token("rider", name) for name in ("rider-yu", "rider-chen", "rider-wang")]
    made = 0
    while made < count:
        ring = dice.choice(areas)["coordinates"][0][0]
        place = (dice.uniform(min(x for x, _ in ring), max(x for x, _ in ring)), dice.uniform(min(y for _, y in ring), max(y for _, y in ring)))
        if not inside(place, ring):
            continue
        body = {"description": f"路边有问题 {made}", "category": dice.choice(CATEGORIES),
                "location": {"longitude": place[0], "latitude": place[1]}}
        try:
            ask("POST", "/v1/reports", dice.choice(people), json.dumps(body).encode())
            made += 1
        except urllib.error.HTTPError as refusal:
            raise SystemExit(f"✗ a report was refused: {refusal.read().decode()}")


def fetch(path):
    with urllib.request.urlopen(portal + path, timeout=60) as answer:
        return answer.read()


def inside(place, ring):
    x, y = place
    isIn = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            isIn = not isIn
    return isIn


def move_some():
    """Files and dispatches a few, so that the board has something in each stage."""
    desks = {}
    for number, case in enumerate(ask("GET", "/v1/cases?limit=60", token("admin", "admin-1"))["items"]):
        place = case["communityId"]
        desks.setdefault(place, token("dispatcher", f"dispatcher-{place}-1"))
        if number % 4 == 0:
            continue
        act(case["caseId"], desks[place], action="file")
        if number % 4 > 1:
            try:
                act(case["caseId"], desks[place], action="dispatch")
            except urllib.error.HTTPError as refusal:
                print(f"• {case['caseNumber']} stays filed: {json.loads(refusal.read())['detail']}")


def pictures_of_the_wall():
    for language, size in (("zh-CN", WALL), ("en", WALL), ("zh-CN", (1280, 800)), ("zh-CN", (390, 844))):
        driver = browser(size=size, language=language)
        try:
            driver.get(portal + "/wall")
            wait(driver, lambda d: one(d, "#state").get_attribute("data-state") == "live", "the board is live")
            shot(driver, f"90-wall-{size[0]}-{language[:2]}", whole=size[0] < 600)
            if size == WALL:
                fits = "return document.documentElement.scrollHeight <= innerHeight"
                check(driver.execute_script(fits), f"the board fits a screen of {size[0]} × {size[1]}")
                smallest = driver.execute_script("""
                    return Math.min(...[...document.querySelectorAll('.counter b, .counter span, .flow span, .steps li b')].map(one => parseFloat(getComputedStyle(one).fontSize)))""")
                check(smallest >= 24, f"its type can be read from across a room ({smallest:.0f} px at least)")
        finally:
            driver.quit()


def is_up():
    try:
        return bool(fetch("/wall/live"))
    except OSError:
        return False


def keeps_up():
    """News, a net that is gone, a portal that dies: the board shows what it knows, says since when, and finds back."""
    driver = browser(size=WALL)
    try:
        driver.get(portal + "/wall")
        wait(driver, lambda d: one(d, "#state").get_attribute("data-state") == "live", "the board is live")
        # By one script, since what is shown may be replaced between two.
        opened = lambda d: int(d.execute_script("return document.querySelector('[data-count=opened-today]').textContent"))
        before = opened(driver)
        reports(3, seed=2)
        wait(driver, lambda d: opened(d) > before, "a new case is shown by itself")
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
        wait(driver, lambda d: one(d, "#state").get_attribute("data-state") == "lost", "it says that the net is gone")
        driver.execute_script("const real = Date.now; const gone = 180000; Date.now = () => real() + gone")
        wait(driver, lambda d: "分钟前" in one(d, "#state").text, "and since when it is stale")
        shot(driver, "91-wall-stale", whole=False)
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
        wait(driver, lambda d: one(d, "#state").get_attribute("data-state") == "live", "with the net it is live again")
        with open(os.path.join(data, "run.json")) as file:
            portals = json.load(file)["services"]["portal"]["pid"]
        os.kill(portals, signal.SIGKILL)
        wait(driver, lambda d: is_up(), "portal is back")
        before = opened(driver)
        reports(3, seed=3)
        wait(driver, lambda d: opened(d) > before, "after portal died the board shows what is new")
        check(one(driver, "#state").get_attribute("data-state") == "live", "and is live again")
    finally:
        driver.quit()


def new_release():
    driver = browser(size=WALL)
    try:
        driver.get(portal + "/wall")
        wait(driver, lambda d: one(d, "#state").get_attribute("data-state") == "live", "the board is live")
        driver.execute_script("""
            self.isOld = true;
            document.body.dataset.version = "old";
            const real = self.fetch.bind(self);
            // As if the server's clock showed another hour.
            self.shiftTo = (hour) => {
              self.fetch = async (address, options) => {
                const answer = await real(address, options);
                const at = Date.parse(answer.headers.get("date"));
                const shown = new Date(at + Number(document.body.dataset.offset) * 60000).getUTCHours();
                const date = new Date(at + (hour - shown) * 3600000).toUTCString();
                return { ok: answer.ok, status: answer.status, text: () => answer.text(), headers: { get: () => date } };
              };
              dispatchEvent(new Event("online"));
            }""")
        driver.execute_script("shiftTo(12)")
        wait(driver, lambda d: one(d, "#clock b").text.startswith("12:"), "the clock follows the server's")
        clock = one(driver, "#clock b").text
        wait(driver, lambda d: one(d, "#clock b").text != clock, "the clock goes on")
        check(driver.execute_script("return self.isOld"), "by day another release waits")
        driver.execute_script("shiftTo(3)")
        wait(driver, lambda d: not d.execute_script("return self.isOld"), "in the night the board loads it")
    finally:
        driver.quit()


def stays_small():
    # A small window is painted sooner; what is kept is the same.
    driver = browser(size=(640, 360))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STAND_IN})
        driver.get(portal + "/wall")
        wait(driver, lambda d: one(d, "#state").get_attribute("data-state") == "live", "the board is live")

        def feed(count):
            for _ in range(0, count, 1000):
                driver.execute_async_script("feedSteps(arguments[0]).then(arguments[1])", min(count, 1000))

        def size():
            for _ in range(3):
                driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
            heap = driver.execute_cdp_cmd("Runtime.getHeapUsage", {})["usedSize"]
            counters = driver.execute_cdp_cmd("Memory.getDOMCounters", {})
            return {"heap": heap, "nodes": counters["nodes"], "listeners": counters["jsEventListeners"]}
        feed(2000)
        before = size()
        feed(FED)
        after = size()
        shown = driver.execute_script("return self.shown")
        print(f"• the board was fed {shown} times: heap {before['heap'] / 1e6:.2f} → {after['heap'] / 1e6:.2f} MB, "
              f"nodes {before['nodes']} → {after['nodes']}, listeners {before['listeners']} → {after['listeners']}", flush=True)
        check(shown >= FED + 2000, "every step was shown")
        check(after["heap"] - before["heap"] < 500_000, "its heap does not grow")
        check(after["nodes"] - before["nodes"] < 200, "nor do its nodes")
        check(after["listeners"] - before["listeners"] < 20, "nor its listeners")
    finally:
        driver.quit()


def map_of_cases():
    for size in ((1280, 900), (390, 844)):
        driver = browser(size=size)
        try:
            sign_in(driver, "dispatcher-mingdu-1", "/console/map")
            wait(driver, lambda d: one(d, "#case-map").get_attribute("data-ready"), "the map is filled")
            wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".bubble"), "clusters are shown")
            shot(driver, f"92-map-{size[0]}")
            press(driver, one(driver, "button[data-as=heat]"))
            wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "canvas.heat") and "最密" in one(d, "#map-state").text, "heat is shown")
            painted = """const canvas = document.querySelector('canvas.heat');
                return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(part => part > 0)"""
            check(driver.execute_script(painted), f"the heat has colours at {size[0]}")
            shot(driver, f"93-map-heat-{size[0]}")
            press(driver, one(driver, "button[data-as=cases]"))
            Select(one(driver, "select[name=stage]")).select_by_value("dispatched")
            press(driver, one(driver, ".map-filter .button"))
            wait(driver, lambda d: "stage=dispatched" in d.current_url, "the filter stands in the address")
            wait(driver, lambda d: one(d, "#case-map").get_attribute("data-ready"), "the map is filled")
            # A map that has moved is drawn anew: only a script finds a mark and presses it before the next answer comes.
            tell = """const told = document.querySelector(".leaflet-popup-content a.button");
                const ready = document.querySelector("#case-map").dataset.ready;
                if (!told && ready) (document.querySelector(".place-dot") || document.querySelector(".bubble"))?.click();
                return Boolean(told)"""
            wait(driver, lambda d: d.execute_script(tell), "clusters open until a case is told in words")
            # The map moves first, so that all of it is seen.
            wait(driver, lambda d: "处置中" in one(d, ".leaflet-popup-content").text, "the words say the stage")
            check("/console/cases/" in one(driver, ".leaflet-popup-content a.button").get_attribute("href"), "and lead to the case")
            shot(driver, f"94-map-popup-{size[0]}")
        finally:
            driver.quit()
    driver = browser(script=False, phone=False)
    try:
        sign_in(driver, "dispatcher-mingdu-1", "/console/map")
        check(one(driver, ".drawing svg").is_displayed() and one(driver, ".by-community table").is_displayed(), "without scripts there is a drawing and a table")
        shot(driver, "95-map-no-script", looks=False)
    finally:
        driver.quit()
    driver = browser(size=(1280, 900), language="en")
    try:
        sign_in(driver, "dispatcher-mingdu-1", "/console/map")
        wait(driver, lambda d: one(d, "#case-map").get_attribute("data-ready"), "the map is filled")
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        shot(driver, "96-map-dark-en")
    finally:
        driver.quit()


def main():
    reports(60)
    desk = token("dispatcher", "dispatcher-mingdu-1")
    eventually(lambda: len(ask("GET", "/v1/cases?limit=100", desk)["items"]) >= 40, "forty cases are there", 90)
    move_some()
    pictures_of_the_wall()
    keeps_up()
    new_release()
    map_of_cases()
    stays_small()
    print(f"pictures: {pictures}")
    raise SystemExit(1 if faults else 0)


main()
