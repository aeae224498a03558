"""Walks what the first walk leaves out of the riders' pages: the direct line, sound, neighbours, many drafts, settings, a slow net.

Usage: reporting.py PORTAL DATA SUISHOUPAI PICTURES. Ends with 0 where all was as it should be; says what it sees.
"""
import os
import struct
import time
import zlib

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from browsing import ask, browser, check, eventually, faults, is_at, one, pictures, portal, press, shot, token, wait


def large_picture(path, shade):
    """A PNG of 1,200 × 900 with noise, so that it is as large as a photo is."""
    rows = []
    for y in range(900):
        noise = os.urandom(1200)
        row = bytearray([0])
        for x in range(1200):
            heap = (x - 600) ** 2 / 4 + (y - 640) ** 2 < 220 ** 2
            colour = shade if heap else (186, 190, 195) if y > 600 else (150, 120, 96)
            row += bytes(part + noise[x] % 24 for part in colour)
        rows.append(bytes(row))

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    head = struct.pack(">IIBBBBB", 1200, 900, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b""))
    return path


def sign_in(driver, subject, then="/report"):
    driver.get(f"{portal}/sign-in?back={then}")
    button = one(driver, f"button[value='{subject}']")
    driver.execute_script("arguments[0].closest('details').open = true", button)
    press(driver, button)
    wait(driver, lambda d: is_at(d, then), f"{subject} has signed in")


def cases_of(bearer):
    return ask("GET", "/v1/me/reports?limit=100", bearer)["items"]


def locate(driver):
    press(driver, one(driver, "#locate"))
    wait(driver, lambda d: one(d, "input[name=latitude]").get_attribute("value"), "the position is found")


def send(driver):
    press(driver, one(driver, ".send button"))
    wait(driver, lambda d: "/me?sent=" in d.current_url, "the report was sent", 120)


def newcomer():
    driver = browser()
    try:
        driver.get(portal + "/")
        shot(driver, "70-welcome")
        driver.get(portal + "/language?to=en&back=/")
        shot(driver, "70-welcome-en")
        press(driver, one(driver, "a[href='/report']"))
        check("/sign-in?back=/report" in driver.current_url, "from the first page a newcomer comes to sign in")
        driver.get(portal + "/language?to=zh&back=/")
        sign_in(driver, "worker-mingdu-property-1", "/settings")
        driver.get(portal + "/report")
        check("不能上报" in driver.page_source, "who may not report is told what to do")
        shot(driver, "71-no-role")
    finally:
        driver.quit()


def direct_line():
    """直通车: said by a resident, read by nobody but staff and them."""
    driver = browser()
    try:
        sign_in(driver, "resident-li", "/report?kind=request")
        one(driver, "textarea[name=description]").send_keys("三单元的灯坏了一周，老人下楼怕摔")
        locate(driver)
        shot(driver, "72-request-filled")
        send(driver)
        mine = token("resident", "resident-li")
        case = eventually(lambda: cases_of(mine), "the request is a case")[0]
        check(case["kind"] == "request", "it came as a request")
        check(case["description"] == "三单元的灯坏了一周，老人下楼怕摔", "its words are their own")
        other = ask("GET", f"/v1/cases/{case['caseId']}", token("rider", "rider-chen"))
        check("description" not in other, "and nobody else's")
        driver.get(f"{portal}/me/cases/{case['caseId']}")
        check("三单元的灯坏了一周" in driver.page_source, "the page of the case says them")
        shot(driver, "73-request-case")
    finally:
        driver.quit()


def with_sound_and_photos(before):
    """Three photos, one taken away again, and a voice note by the fake microphone."""
    driver = browser()
    try:
        sign_in(driver, "rider-wang")
        others = [large_picture(os.path.join(pictures, f"photo-rider-{number}.png"), shade) for number, shade in enumerate([(20, 20, 60), (120, 20, 20)])]
        one(driver, "#photo").send_keys("\n".join([before, *others]))
        wait(driver, lambda d: len(d.find_elements(By.CSS_SELECTOR, "#pictures img")) == 3, "three photos are shown")
        press(driver, driver.find_elements(By.CSS_SELECTOR, "#pictures button")[1])
        check(len(driver.find_elements(By.CSS_SELECTOR, "#pictures img")) == 2, "a photo can be taken away again")
        record = one(driver, "#record")
        press(driver, record)
        wait(driver, lambda d: record.get_attribute("aria-pressed") == "true", "it records")
        began = driver.execute_script("return performance.now()")
        wait(driver, lambda d: d.execute_script("return performance.now()") > began + 2500, "two seconds are recorded")
        press(driver, record)
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#sound audio"), "the voice note is there")
        length = "return document.querySelector('#sound audio').duration"
        wait(driver, lambda d: (d.execute_script(length) or 0) > 1, "it can be listened to, and lasts more than a second")
        check(not one(driver, "#questions").is_displayed(), "nothing is asked while no category is chosen")
        press(driver, one(driver, "label:has(> input[value=E0102])"))
        asked = [one for one in driver.find_elements(By.CSS_SELECTOR, "#questions fieldset") if one.is_displayed()]
        check(len(asked) == 2, "the pack's questions about the category are asked")
        press(driver, asked[0].find_element(By.CSS_SELECTOR, "label:has(input[value=handcart])"))
        for kind in ("kitchen", "packages"):
            press(driver, asked[1].find_element(By.CSS_SELECTOR, f"label:has(input[value={kind}])"))
        locate(driver)
        shot(driver, "74-report-sound")
        send(driver)
        report = driver.current_url.rsplit("=", 1)[1]
        seen = ask("GET", f"/v1/reports/{report}", token("rider", "rider-wang"))
        check(len(seen.get("photos") or []) == 2, f"both photos came ({len(seen.get('photos') or [])})")
        check(len(seen.get("voiceNotes") or []) == 1, "and the voice note")
        check(len(seen.get("answers") or []) == 2, f"and the answers ({seen.get('answers')})")
        return eventually(lambda: cases_of(token("rider", "rider-wang")), "it is a case")[0]["caseId"]
    finally:
        driver.quit()


def nearby(case):
    """Somebody else at the same place sees that it is known, and joins."""
    driver = browser()
    try:
        sign_in(driver, "rider-chen")
        locate(driver)
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#nearby:not([hidden]) li button"), "the case nearby is shown")
        press(driver, one(driver, "#nearby li button"))
        check(one(driver, "#nearby li button").get_attribute("aria-pressed") == "true", "one press joins it")
        check(one(driver, "input[name=supports]").get_attribute("value") != "", "and the form says which")
        shot(driver, "75-nearby")
        chosen = one(driver, "input[name=supports]").get_attribute("value")
        send(driver)
        check(chosen == case, "it is the case that was reported a moment ago")
        desk = token("dispatcher", "dispatcher-mingdu-1")
        eventually(lambda: ask("GET", f"/v1/cases/{chosen}", desk)["reporters"] == 2, "the case has a second reporter")
        mine = eventually(lambda: cases_of(token("rider", "rider-chen")), "the case is theirs, too")
        check(any(one["caseId"] == chosen for one in mine), "what was joined is listed among one's own")
    finally:
        driver.quit()


def many_drafts(before):
    """Three reports without a net wait, and each is sent once however often the net comes back."""
    driver = browser()
    try:
        sign_in(driver, "rider-yu")
        wait(driver, lambda d: d.execute_script("return navigator.serviceWorker.controller !== null"), "the service worker is there")
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/session", "*/v1/reports"]})
        landmarks = [option.get_attribute("value") for option in Select(one(driver, "select[name=landmark]")).options][1:4]
        for number, landmark in enumerate(landmarks, 1):
            driver.get(portal + "/report")
            one(driver, "#photo").send_keys(before)
            wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#pictures img"), "the photo is shown")
            Select(one(driver, "select[name=landmark]")).select_by_value(landmark)
            one(driver, "textarea[name=description]").send_keys(f"第 {number} 处堆物")
            press(driver, one(driver, ".send button"))
            wait(driver, lambda d: len(d.find_elements(By.CSS_SELECTOR, "#drafts:not([hidden]) li")) == number, f"{number} drafts wait")
        shot(driver, "76-drafts-wait")
        rider = token("rider", "rider-yu")
        piled = lambda: sorted(one["description"] for one in cases_of(rider) if one["description"].endswith("处堆物"))
        check(piled() == [], "nothing was sent meanwhile")
        driver.execute_script("""
            const real = self.fetch;
            self.taken = [];
            self.fetch = async (address, options) => {
              const answer = await real(address, options);
              if (String(address) === "/v1/reports") localStorage.setItem("taken", (localStorage.getItem("taken") || "") + answer.status + " ");
              return answer;
            }""")
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
        driver.execute_script("for (let time = 0; time < 5; time += 1) dispatchEvent(new Event('online'))")
        wait(driver, lambda d: d.execute_async_script("Drafts.all().then(a => arguments[0](a.length === 0))"), "the drafts were sent")
        wait(driver, lambda d: "/me" in d.current_url, "the list of reports is shown")
        taken = driver.execute_script("return localStorage.getItem('taken')").split()
        check(taken == ["201"] * 3, f"each of the three was sent once ({taken})")
        eventually(lambda: len(piled()) >= 3, "three cases are there")
        check(piled() == ["第 1 处堆物", "第 2 处堆物", "第 3 处堆物"], f"and they are three cases ({piled()})")
    finally:
        driver.quit()


def background_sync(before):
    """Where the page itself cannot send, the service worker does, once the browser says that the net is back."""
    driver = browser()
    try:
        sign_in(driver, "rider-yu")
        wait(driver, lambda d: d.execute_script("return navigator.serviceWorker.controller !== null"), "the service worker is there")
        driver.get(portal + "/report")
        one(driver, "#photo").send_keys(before)
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#pictures img"), "the photo is shown")
        landmark = Select(one(driver, "select[name=landmark]"))
        landmark.select_by_value(landmark.options[5].get_attribute("value"))
        one(driver, "textarea[name=description]").send_keys("后台发送")
        # Only the page's own requests fail.
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/session", "*/v1/reports"]})
        press(driver, one(driver, ".send button"))
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#drafts:not([hidden]) li"), "the draft waits")
        driver.execute_cdp_cmd("ServiceWorker.enable", {})
        for number in range(8):
            driver.execute_cdp_cmd("ServiceWorker.dispatchSyncEvent", {
                "origin": portal, "registrationId": str(number), "tag": "drafts", "lastChance": False})
        wait(driver, lambda d: d.execute_async_script("Drafts.all().then(a => arguments[0](a.length === 0))"), "the service worker sent it")
        rider = token("rider", "rider-yu")
        eventually(lambda: [one for one in cases_of(rider) if one["description"] == "后台发送"], "it is a case")
        check(len([one for one in cases_of(rider) if one["description"] == "后台发送"]) == 1, "and the service worker sent it once")
    finally:
        driver.quit()


def settings():
    driver = browser()
    try:
        sign_in(driver, "rider-wang", "/me")
        press(driver, one(driver, "a[href='/settings']"))
        shot(driver, "77-settings")
        if not one(driver, "input[name=quiet]").is_selected():
            press(driver, one(driver, "input[name=quiet]"))
        press(driver, one(driver, "input[name=wants-points-sms]"))
        press(driver, one(driver, "form[action='/settings'] .button"))
        wait(driver, lambda d: "/settings?done=1" in d.current_url, "the wishes were kept")
        check(one(driver, "input[name=quiet]").is_selected(), "quiet hours are on")
        check(not one(driver, "input[name=wants-points-sms]").is_selected(), "points are not told by SMS")
        check(one(driver, "input[name=wants-progress-sms]").is_selected(), "and progress is")
        mail = one(driver, "form:has(input[value=email])")
        address = mail.find_element(By.NAME, "address")
        driver.execute_script("arguments[0].type = 'text'", address)
        address.send_keys("nobody")
        press(driver, mail.find_elements(By.TAG_NAME, "button")[-1])
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".trouble[role=alert]"), "a wrong address is refused")
        shot(driver, "78-settings-wrong")
        mail = one(driver, "form:has(input[value=email])")
        mail.find_element(By.NAME, "address").send_keys("wang@example.cn")
        press(driver, mail.find_elements(By.TAG_NAME, "button")[-1])
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "form:has(input[value=email]) button[name=remove]"), "the address is kept")
        check("wang@example.cn" not in driver.page_source, "and not shown")
        press(driver, one(driver, "form:has(input[value=email]) button[name=remove]"))
        wait(driver, lambda d: not d.find_elements(By.CSS_SELECTOR, "form:has(input[value=email]) button[name=remove]") and "/settings?done=1" in d.current_url, "the address is gone")
        press(driver, one(driver, "form[action='/settings/look'] input[name=large]"))
        press(driver, one(driver, "form[action='/settings/look'] .choice:nth-of-type(2)"))
        press(driver, one(driver, "form[action='/settings/look'] .button"))
        wait(driver, lambda d: one(d, "html").get_attribute("class") == "large" and one(d, "html").get_attribute("lang") == "en", "pages are large, and English")
        shot(driver, "79-settings-large-en")
    finally:
        driver.quit()


def first_view():
    """What the report page needs when nobody has it yet, by the browser's own count."""
    driver = browser()
    try:
        sign_in(driver, "rider-chen", "/me")
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        driver.execute_async_script("""const done = arguments[0];
            navigator.serviceWorker.getRegistrations().then(all => Promise.all(all.map(one => one.unregister())))
              .then(() => caches.keys()).then(names => Promise.all(names.map(name => caches.delete(name)))).then(() => done())""")
        driver.get("about:blank")
        driver.get(portal + "/report")
        wait(driver, lambda d: d.execute_script("return document.readyState === 'complete' && performance.getEntriesByName('first-contentful-paint').length > 0"), "the page is painted")
        figures = driver.execute_script("""
            const page = performance.getEntriesByType("navigation")[0];
            const all = [page, ...performance.getEntriesByType("resource")];
            return { bytes: all.reduce((sum, one) => sum + one.transferSize, 0), files: all.length,
                     paint: performance.getEntriesByName("first-contentful-paint")[0].startTime, ready: page.domContentLoadedEventEnd }""")
        print("• first view of /report: " + ", ".join(f"{name} {value:.0f}" for name, value in figures.items()), flush=True)
        check(20_000 < figures["bytes"] < 200_000, f"the first view needs less than 200 kB without tiles ({figures['bytes'] / 1000:.0f} kB)")
        check(figures["paint"] < 1000, f"and is seen within a second ({figures['paint']:.0f} ms)")
    finally:
        driver.quit()


def slowly(before):
    """400 kbit/s with 400 ms to wait for each answer, as on a poor third-generation net: a report with a photo goes through."""
    driver = browser()
    try:
        sign_in(driver, "rider-chen", "/me")
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000})
        began = time.time()
        driver.get(portal + "/report")
        one(driver, "#photo").send_keys(before)
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#pictures img"), "the photo is shown")
        shown = time.time() - began
        Select(one(driver, "select[name=landmark]")).select_by_index(7)
        one(driver, "textarea[name=description]").send_keys("网络很慢")
        sent = time.time()
        send(driver)
        print(f"• slow net: page and photo after {shown:.1f} s, sent within {time.time() - sent:.1f} s", flush=True)
        rider = token("rider", "rider-chen")
        eventually(lambda: [one for one in cases_of(rider) if one["description"] == "网络很慢"], "it is a case")
        check(True, "a report with a photo goes through a slow net")
    finally:
        driver.quit()


def without_script(before):
    driver = browser(script=False)
    try:
        sign_in(driver, "rider-yu")
        one(driver, "#photo").send_keys(before)
        field = one(driver, "#photo")
        check(field.is_displayed() and field.size["width"] > 200, "without scripts the field shows which photo was chosen")
        shot(driver, "80-no-script-report", looks=False)
        driver.get(portal + "/settings")
        shot(driver, "81-no-script-settings", looks=False)
    finally:
        driver.quit()


def on_a_desk():
    driver = browser(phone=False)
    try:
        driver.get(portal + "/")
        shot(driver, "82-desk-welcome")
        sign_in(driver, "rider-yu")
        wait(driver, lambda d: d.execute_script("return document.querySelectorAll('.community').length > 0"), "the outlines are drawn")
        shot(driver, "83-desk-report")
        driver.execute_script("document.querySelector('#map').scrollIntoView({block: 'end'})")
        shot(driver, "84-desk-report-window", whole=False, looks=False)
        driver.get(portal + "/settings")
        shot(driver, "85-desk-settings")
    finally:
        driver.quit()
    driver = browser()
    try:
        sign_in(driver, "rider-yu")
        wait(driver, lambda d: d.execute_script("return document.querySelectorAll('.community').length > 0"), "the outlines are drawn")
        driver.execute_script("document.querySelector('#map').scrollIntoView({block: 'center'})")
        shot(driver, "86-phone-report-window", whole=False, looks=False)
    finally:
        driver.quit()


def main():
    before = large_picture(os.path.join(pictures, "photo-rider.png"), (70, 90, 40))
    first_view()
    newcomer()
    direct_line()
    case = with_sound_and_photos(before)
    nearby(case)
    many_drafts(before)
    background_sync(before)
    settings()
    slowly(before)
    without_script(before)
    on_a_desk()
    print(f"pictures: {pictures}")
    raise SystemExit(1 if faults else 0)


main()
