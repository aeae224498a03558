"""The console, as a dispatcher, a handler and a verifier walk it."""
import json

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from browsing import PLACE, ask, both, browser, check, complaints, is_at, one, portal, press, shot, sign_in, token, wait


def report_more(subject, words, category, north):
    """A report by the API, for a queue with more than one case."""
    return ask("POST", "/v1/reports", token("rider", subject), json.dumps({
        "kind": "snapshot", "description": words, "category": category,
        "location": {"latitude": PLACE[0] + north, "longitude": PLACE[1], "datum": "wgs84"}}).encode())


def rows(driver):
    return [row.get_attribute("data-case") for row in driver.find_elements(By.CSS_SELECTOR, ".cases tbody tr")]


def type_key(driver, key):
    one(driver, "body").send_keys(key)


def open_queue(driver, tab, wanted=()):
    """The queue, once the cases are in it that are waited for."""
    def look(d):
        d.get(f"{portal}/console?tab={tab}")
        return set(wanted) <= set(rows(d))
    wait(driver, look, f"{len(wanted)} cases are in the queue {tab}")


def send(driver, action):
    """Sends the form of an action, and waits for what came of it."""
    press(driver, opened(driver, action).find_element(By.CSS_SELECTOR, "button.button"))
    wait(driver, lambda d: "done=1" in d.current_url, f"{action} was taken")


def opened(driver, action):
    """The form of an action, unfolded."""
    box = one(driver, f"#act-{action}")
    driver.execute_script("for (let at = arguments[0]; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true", box)
    return box


def dispatch(case, others):
    """The dispatcher: keys, filters, a batch, a case of its own, news, a look at a person."""
    driver = browser(phone=False)
    try:
        sign_in(driver, "dispatcher-mingdu-1", "/sign-in")
        wait(driver, lambda d: is_at(d, "/console"), "staff is led to the console")
        open_queue(driver, "file", [case, *others])
        both(driver, "70-dispatcher-queue-file")
        by_keys(driver)
        file_in_a_batch(driver, others)
        by_filters(driver)
        hear_news(driver)
        open_queue(driver, "file", [case])
        driver.get(f"{portal}/console/cases/{case}")
        both(driver, "73-dispatcher-case-opened")
        opened(driver, "merge")
        both(driver, "73-dispatcher-case-other-actions")
        driver.get(f"{portal}/console/cases/{case}")
        send(driver, "file")
        opened(driver, "dispatch")
        both(driver, "74-dispatcher-case-filed")
        send(driver, "dispatch")
        check("已办理。" in driver.page_source, "the case page says that it was done")
        dispatch_in_a_batch(driver, others)
        refused(driver, others[0])
        look_at(driver, case)
        # What its owner refuses is answered so.
        wrong = [words for words in complaints(driver) if "409" not in words]
        check(not wrong, "the dispatcher's browser complains of nothing" + "".join("; " + words[:300] for words in wrong))
        return ask("GET", f"/v1/cases/{case}", token("dispatcher", "dispatcher-mingdu-1"))["handlerId"]
    finally:
        driver.quit()


def by_keys(driver):
    listed = rows(driver)
    here = lambda d: one(d, ".cases tr.here").get_attribute("data-case")
    type_key(driver, "j")
    type_key(driver, "j")
    check(here(driver) == listed[1], "j goes down")
    type_key(driver, "k")
    check(here(driver) == listed[0], "k goes up")
    type_key(driver, "x")
    check("已选 1 件" in one(driver, "#picked").text, "x selects")
    type_key(driver, "x")
    type_key(driver, "?")
    check(one(driver, "#help").is_displayed(), "? shows the keys")
    shot(driver, "71-dispatcher-help")
    type_key(driver, Keys.ESCAPE)
    check(not one(driver, "#help").is_displayed(), "Esc closes it")
    type_key(driver, "/")
    check(driver.switch_to.active_element.get_attribute("id") == "q", "/ goes to the search field")
    driver.switch_to.active_element.send_keys("j")
    check(one(driver, "#q").get_attribute("value").endswith("j"), "who types is not disturbed")
    driver.get(portal + "/console?tab=file")
    type_key(driver, "j")
    type_key(driver, "o")
    wait(driver, lambda d: "/console/cases/" in d.current_url, "o opens a case")
    type_key(driver, "u")
    wait(driver, lambda d: "/cases/" not in d.current_url, "u goes back")


def pick(driver, cases):
    for case in cases:
        press(driver, one(driver, f"tr[data-case='{case}'] .pick input"))


def file_in_a_batch(driver, others):
    open_queue(driver, "file", others)
    pick(driver, others)
    both(driver, "71-dispatcher-batch-picked")
    press(driver, one(driver, "#batch button"))
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".outcomes li"), "the batch came back")
    both(driver, "71-dispatcher-batch-done")
    good = driver.find_elements(By.CSS_SELECTOR, ".outcomes li.good")
    check(len(good) == len(others), f"{len(others)} cases were filed at once")


def dispatch_in_a_batch(driver, others):
    open_queue(driver, "dispatch", others)
    pick(driver, others)
    press(driver, one(driver, "#batch button"))
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".outcomes li"), "the batch came back")
    good = driver.find_elements(By.CSS_SELECTOR, ".outcomes li.good")
    check(len(good) == len(others), f"{len(others)} cases were dispatched at once")
    driver.get(portal + "/console?tab=all")
    both(driver, "75-dispatcher-queue-all")


def by_filters(driver):
    driver.get(portal + "/console?tab=all")
    filters = one(driver, ".filters")
    driver.execute_script("arguments[0].open = true", filters)
    Select(one(driver, "select[name=category]")).select_by_value("E0102")
    one(driver, "#q").send_keys("垃圾")
    press(driver, filters.find_element(By.CSS_SELECTOR, "button"))
    wait(driver, lambda d: "category=E0102" in d.current_url and "q=" in d.current_url, "filters stand in the address")
    found = rows(driver)
    check(len(found) > 0, "and find something")
    both(driver, "72-dispatcher-queue-filtered")
    driver.refresh()
    check(rows(driver) == found, "the address alone finds the same")
    link = one(driver, ".exports a").get_attribute("href")
    check("category=E0102" in link, "the export is of what is filtered")
    for _ in range(2):
        press(driver, one(driver, ".chips a"))
    check(not driver.find_elements(By.CSS_SELECTOR, ".chips a"), "each filter can be taken off")


def hear_news(driver):
    driver.get(portal + "/console?tab=file")
    before = rows(driver)
    time_to_listen(driver)
    report_more("rider-wang", "河边有人烧垃圾，烟很大", "E0115", 0.0011)
    wait(driver, lambda d: one(d, "#news").is_displayed(), "new cases are announced")
    check("新到 1 件" in one(driver, "#news").text, "with how many")
    check(rows(driver) == before, "and the list does not jump")
    shot(driver, "72-dispatcher-news")
    press(driver, one(driver, "#news a"))
    wait(driver, lambda d: len(rows(d)) == len(before) + 1, "and is shown when asked for")


def time_to_listen(driver):
    """Until the page's own feed is connected: it was asked for first, and this one is served after it."""
    driver.execute_async_script(
        "const done = arguments[0]; const feed = new EventSource('/v1/feed');"
        "feed.addEventListener('ready', () => { feed.close(); done(); });")


def refused(driver, case):
    """What the owner refuses is said at the form."""
    driver.get(f"{portal}/console/cases/{case}")
    box = opened(driver, "park")
    box.find_element(By.CSS_SELECTOR, "textarea").send_keys("等雨停")
    driver.execute_script("arguments[0].value = '2020-01-01T08:00'", box.find_element(By.CSS_SELECTOR, "input[name=until]"))
    press(driver, box.find_element(By.CSS_SELECTOR, "button.button"))
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "#act-park .trouble"), "the refusal stands at the form")
    check(one(driver, "#act-park textarea").get_attribute("value") == "等雨停", "what was written is kept")
    both(driver, "76-dispatcher-refused")


def look_at(driver, case):
    driver.get(f"{portal}/console/cases/{case}")
    press(driver, one(driver, ".reporters a"))
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".ask-why"), "who looks is asked why")
    both(driver, "77-person-why")
    one(driver, "textarea[name=reason]").send_keys("核对是否重复上报")
    press(driver, one(driver, ".ask-why button"))
    wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".logged"), "the person is shown")
    check("本次查看已记录" in driver.page_source, "and the look is on record")
    both(driver, "77-person")


def handle(case, handler, after):
    """The handler, on a phone: theirs, accepted, done with a photo."""
    driver = browser()
    try:
        sign_in(driver, handler, "/sign-in")
        open_queue(driver, "mine", [case])
        both(driver, "80-handler-queue")
        press(driver, one(driver, f"tr[data-case='{case}'] .head a"))
        wait(driver, lambda d: f"/console/cases/{case}" in d.current_url, "the case is open")
        check("rider-yu" not in driver.page_source, "a handler does not see who reported")
        send(driver, "accept")
        box = opened(driver, "handle")
        both(driver, "81-handler-case")
        box.find_element(By.CSS_SELECTOR, "textarea").send_keys("已清运，地面已冲洗")
        box.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(after)
        send(driver, "handle")
        check(driver.find_elements(By.CSS_SELECTOR, ".photos .after"), "the photo of the work stands there")
        both(driver, "82-handler-handled")
        wrong = complaints(driver)
        check(not wrong, "the handler's browser complains of nothing" + "".join("; " + words[:300] for words in wrong))
    finally:
        driver.quit()


def verify(case, after):
    """The verifier, at the spot: what is nearest, in order, the next."""
    driver = browser()
    try:
        sign_in(driver, "verifier-mingdu-1", "/sign-in")
        open_queue(driver, "verify", [case])
        both(driver, "83-verifier-queue")
        driver.get(portal + "/console/verify")
        press(driver, one(driver, "#near-me"))
        wait(driver, lambda d: "latitude=" in d.current_url, "the phone says where it is")
        check(one(driver, "input[name=case]").get_attribute("value") == case, "what is nearest comes first")
        check("rider-yu" not in driver.page_source, "a verifier does not see who reported")
        both(driver, "84-verifier-spot")
        press(driver, one(driver, "input[name=agrees][value=no]"))
        press(driver, one(driver, ".spot-foot button"))
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".trouble"), "not in order asks for the reason")
        both(driver, "84-verifier-why")
        press(driver, one(driver, "input[name=agrees][value=yes]"))
        one(driver, "input[type=file]").send_keys(after)
        press(driver, one(driver, ".spot-foot button"))
        wait(driver, lambda d: "done=1" in d.current_url, "the finding was taken")
        both(driver, "85-verifier-next")
        driver.get(portal + "/console/verify?what=check")
        both(driver, "86-verifier-check")
        driver.get(f"{portal}/console/cases/{case}")
        both(driver, "87-verifier-case-closed")
        driver.get(f"{portal}/language?to=en&back=/console")
        both(driver, "88-verifier-queue-english")
        driver.get(f"{portal}/console/cases/{case}")
        shot(driver, "88-verifier-case-english")
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        driver.get(portal + "/console?tab=all")
        both(driver, "89-dark-queue")
        driver.get(f"{portal}/console/cases/{case}")
        both(driver, "89-dark-case")
        wrong = [words for words in complaints(driver) if "409" not in words]
        check(not wrong, "the verifier's browser complains of nothing" + "".join("; " + words[:300] for words in wrong))
    finally:
        driver.quit()


def without_script(case):
    """Without scripts the queue can be filtered, and a case acted upon."""
    driver = browser(script=False)
    try:
        sign_in(driver, "dispatcher-mingdu-1", "/sign-in")
        driver.get(portal + "/console?tab=all")
        check(case in rows(driver), "the queue is there without a script")
        driver.get(f"{portal}/console/cases/{case}")
        check(driver.find_elements(By.CSS_SELECTOR, "[id^='act-']"), "and so are the actions")
    finally:
        driver.quit()
