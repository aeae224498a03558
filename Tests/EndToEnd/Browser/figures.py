"""Opens figures, campaigns, the station's counter and administration in Chromium, as staff would, and takes pictures.

    figures.py PORTAL DATA PROGRAM PICTURES

A neighbourhood is simulated first; of the weeks before, which nobody can simulate, counts are written into portal's own
tables, so that charts have something to show.
"""
import base64
import datetime
import json
import os
import random
import sqlite3
import subprocess
import urllib.error

from selenium.webdriver.common.by import By

from browsing import (
    ask, browser, check, complaints, data, faults, one, pictures, portal, press, program, resize, shot, sign_in, token,
    wait)

CHINA = datetime.timezone(datetime.timedelta(hours=8))


def dark(driver, is_dark):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]})


def send(path, bearer, body):
    return ask("POST", path, bearer, json.dumps(body).encode())


def enter(driver, subject, page):
    driver.delete_all_cookies()
    sign_in(driver, subject, page)
    wait(driver, lambda d: d.current_url.startswith(portal + page), f"{subject} is signed in")


def store():
    connection = sqlite3.connect(os.path.join(data, "portal", "1.sqlite"), timeout=30)
    connection.isolation_level = None
    return connection


def write_history():
    """What would stand in portal's tables had the neighbourhood been there for ten weeks."""
    chance = random.Random(7)
    connection = store()
    pack = json.loads(connection.execute("SELECT body FROM pack").fetchone()[0])
    places = [(c["id"], u["id"]) for c in pack["communities"] for u in pack["units"][:6]]
    weights = {u["id"]: chance.uniform(.7, .98) for u in pack["units"]}
    categories = [c["code"] for c in pack["categories"]]
    today = datetime.datetime.now(CHINA).date()
    connection.execute("BEGIN IMMEDIATE")

    def count(name, day, community, unit, value):
        if value:
            connection.execute(
                f"INSERT INTO figureDay (day, communityId, unitId, {name}) VALUES (?1, ?2, ?3, ?4)"
                f" ON CONFLICT DO UPDATE SET {name} = {name} + ?4", (day, community, unit, value))
    for back in range(1, 70):
        day = (today - datetime.timedelta(days=back)).isoformat()
        for community, unit in places:
            cases = chance.choice([0, 0, 1, 1, 2, 3])
            quality = weights[unit]
            for _ in range(cases):
                hour = min(23, max(0, int(chance.gauss(chance.choice([9, 13, 18]), 2))))
                category = categories[min(int(chance.expovariate(.25)), len(categories) - 1)]
                for place in [(c, u) for c in (community, "*") for u in (unit, "*")]:
                    for table, key in [("openedHour", hour), ("openedCategory", category)]:
                        connection.execute(
                            f"INSERT INTO {table} VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET value = value + 1",
                            (*place, day, key))
                good = chance.random() < quality
                for name, value in [
                        ("opened", 1), ("assigned", 1), ("responded", good), ("checked", 1),
                        ("reworked", not good), ("closed", closes := chance.random() < .9), ("onTime", good and closes), ("returned", chance.random() < .08), ("asked", 1),
                        ("reopened", chance.random() < .03)]:
                    count(name, day, community, unit, int(value))
                if chance.random() < .4:
                    for name, value in [("solvedAnswers", 1), ("solved", good), ("satisfiedAnswers", 1),
                                        ("satisfied", good and chance.random() < .9)]:
                        count(name, day, community, unit, int(value))
    # Some of what is open now is older than the simulation.
    for (case,) in connection.execute(
            "SELECT caseId FROM caseState WHERE stage IN ('opened', 'filed', 'dispatched', 'handled')").fetchall():
        age = chance.choice([0, 1, 2, 4, 5, 12, 20, 45])
        connection.execute(
            "UPDATE caseState SET openedAt = openedAt - ?, isOverdue = ? WHERE caseId = ?",
            (age * 86_400_000, age > 4, case))
    connection.execute("COMMIT")
    return pack


def age_campaign(campaign):
    """The campaign as if it had begun nine days ago."""
    connection = store()
    body = json.loads(connection.execute(
        "SELECT body FROM campaignState WHERE campaignId = ?", (campaign,)).fetchone()[0])
    now = datetime.datetime.now(CHINA)
    start = now - datetime.timedelta(days=9)
    total = len(body["targets"])
    days = [total, total, total - 1, total - 2, None, total - 3, total - 5, total - 5, total - 6]
    body["burndown"] = [
        {"day": (start + datetime.timedelta(days=n)).date().isoformat(), "open": left, "done": total - left}
        for n, left in enumerate(days) if left is not None]
    body["startedAt"] = start.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    connection.execute("UPDATE campaignState SET body = ?, startedAt = ? WHERE campaignId = ?",
                       (json.dumps(body), int(start.timestamp() * 1000), campaign))


def play(pack):
    """A campaign with visits, a shelf with prizes, an order that waits and one that was fetched."""
    desk = token("dispatcher", "dispatcher-mingdu-1")
    deadline = (datetime.datetime.now(CHINA) + datetime.timedelta(days=5)).replace(microsecond=0).isoformat()
    begun = send("/v1/campaigns", desk, {
        "communityId": "mingdu", "title": "楼顶种菜专项整治", "category": pack["categories"][0]["code"], "deadline": deadline,
        "targets": [{"targetId": f"roof-{n}", "address": f"{n} 栋{n % 3 + 1} 单元楼顶", "ownerNote": "业主同意配合" if n % 2 else "业主外出"}
                    for n in range(1, 9)]})
    campaign = begun["campaignId"]
    for number, outcome in [(1, "已说明要求，业主答应本周清理"), (1, "复查，已清理一半"), (2, "无人在家，已留通知")]:
        moment = datetime.datetime.now(CHINA).isoformat(timespec="milliseconds")
        send(f"/v1/campaigns/{campaign}/visits", desk, {"targetId": f"roof-{number}", "visitedAt": moment, "outcome": outcome})
    station = next(s for s in pack["points"]["stations"] if s["communityId"] == "mingdu")
    staff = token("station", station["staffIds"][0] if station["staffIds"] else "station-mingdu-1")
    send(f"/v1/stations/{station['id']}/stock", staff, {"move": "delivered", "lines": [
        {"prizeId": prize["id"], "count": 12} for prize in pack["points"]["prizes"]]})
    send(f"/v1/stations/{station['id']}/stock", staff, {"move": "counted", "reason": "月底盘点", "lines": [
        {"prizeId": pack["points"]["prizes"][0]["id"], "count": 10}]})
    return campaign, station


def orders(pack, station):
    """Whoever has earned enough orders what is cheapest; gives the codes of what waits."""
    cheapest = min(pack["points"]["prizes"], key=lambda prize: prize["prices"][-1]["points"])
    codes = []
    for number in range(1, 21):
        rider = token("rider", f"rider-{number}")
        try:
            order = send("/v1/me/orders", rider, {
                "stationId": station["id"], "lines": [{"prizeId": cheapest["id"], "count": 1}]})
        except urllib.error.HTTPError:
            continue
        found = ask("GET", f"/v1/me/orders/{order['orderId']}", rider)
        codes.append(found["code"])
        if len(codes) == 3:
            break
    return codes


def pictures_of(driver, pages, who):
    for width in (1280, 390):
        for is_dark in (False, True):
            resize(driver, width)
            dark(driver, is_dark)
            for name, path in pages:
                driver.get(portal + path)
                shot(driver, f"{width}-{'dark' if is_dark else 'light'}-{name}", most=5200)
    dark(driver, False)
    wrong = complaints(driver)
    check(not wrong, f"the browser complains of nothing ({who})" + "".join("; " + words[:300] for words in wrong))


def main():
    subprocess.run([program, "simulate", "--data", data, "--reports", "60", "--rate", "12", "--riders", "6", "--staff", "--seed", "11"], check=True)
    subprocess.run([program, "simulate", "--data", data, "--reports", "24", "--rate", "12", "--seed", "12"], check=True)
    pack = write_history()
    campaign, station = play(pack)
    codes = orders(pack, station)
    print(f"• {len(codes)} orders wait at {station['name']}")
    driver = browser(phone=False)
    try:
        resize(driver, 1280)
        dispatcher = next(p["id"] for p in pack["people"] if "dispatcher" in p["roles"])
        enter(driver, dispatcher, "/console/figures")
        drawn = wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, "figure.drawn canvas"), "charts are drawn")
        check(len(drawn) >= 4, f"{len(drawn)} charts are drawn from their tables")
        press(driver, one(driver, "figure.drawn:not(.compared) > button"))
        check(one(driver, "figure.drawn > table").size["height"] > 50, "a button shows the numbers")
        before = driver.current_url
        driver.execute_script("const s = document.querySelector('select[name=period]'); s.value = '90'; s.dispatchEvent(new Event('change'))")
        wait(driver, lambda d: d.current_url != before and "period=90" in d.current_url, "a choice is shown at once")
        age_campaign(campaign)
        unit = pack["units"][0]["id"]
        pictures_of(driver, [
            ("figures", "/console/figures"), ("figures-90", "/console/figures?period=90"),
            ("figures-unit", f"/console/figures?unit={unit}&period=7"), ("campaigns", "/console/campaigns"),
            ("campaign", f"/console/campaigns/{campaign}")], "dispatcher")
        driver.get(portal + "/language?to=en&back=/me")
        resize(driver, 1280)
        driver.get(portal + "/console/figures")
        shot(driver, "1280-en-figures", most=5200)
        driver.get(portal + "/language?to=zh&back=/me")
        print_out(driver)
        staff = next((p for p in station["staffIds"]), None)
        as_station(driver, station, staff, codes)
        admin = next(p["id"] for p in pack["people"] if "admin" in p["roles"])
        enter(driver, admin, "/console/admin")
        pictures_of(driver, [("admin", "/console/admin"), ("people", "/console/admin/people"), ("stations", "/console/station")], "admin")
    finally:
        driver.quit()
    print(f"pictures: {pictures}")
    raise SystemExit(1 if faults else 0)


def print_out(driver):
    driver.get(portal + "/console/figures")
    paper = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})
    with open(os.path.join(pictures, "figures.pdf"), "wb") as file:
        file.write(base64.b64decode(paper["data"]))
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    check(not one(driver, ".canvas").is_displayed() and one(driver, "figure.drawn > table").size["width"] > 200, "on paper stand the numbers")
    shot(driver, "1280-print-figures", looks=False, most=5200)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def as_station(driver, station, staff, codes):
    enter(driver, staff, f"/console/station/{station['id']}")
    path = f"/console/station/{station['id']}"
    pages = [("station", path)]
    if codes:
        pages.append(("station-order", f"{path}?code={codes[0]}"))
    pictures_of(driver, pages, "station")
    resize(driver, 390)
    if codes:
        driver.get(portal + path)
        one(driver, "input[name=code]").send_keys(codes[0].lower())
        press(driver, one(driver, ".lookup button"))
        wait(driver, lambda d: d.find_elements(By.CSS_SELECTOR, ".order-found"), "the order is found by its code")
        press(driver, one(driver, ".order-found button[value='hand-over']"))
        wait(driver, lambda d: "done=1" in d.current_url, "the order was handed over")
        shot(driver, "390-light-station-done")
    driver.get(portal + path)
    press(driver, one(driver, "input[value=counted]"))
    one(driver, "input[data-on-hand]").send_keys("7")
    check("→ 7" in one(driver, "input[data-on-hand] + output").text, "counting shows the difference at once")
    shot(driver, "390-light-station-counting")
    press(driver, one(driver, "form[data-shelf] button"))
    wait(driver, lambda d: "done=1" in d.current_url, "what was counted was taken")
    check("盘点" in one(driver, "#moves + table").text, "and stands among the movements")


main()
