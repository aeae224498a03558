"""Opens the district's overview and its reports in Chromium, as anybody would, and takes pictures.

    overview.py PORTAL DATA PROGRAM PICTURES

A neighbourhood is simulated first; of the weeks before, which nobody can simulate, records are written into the overview's
own tables, so that charts, comparisons and the issue of the month have something to show.
"""
import datetime
import json
import os
import random
import sqlite3
import subprocess

from selenium.webdriver.common.by import By

from browsing import browser, check, complaints, data, eventually, faults, one, pictures, portal, program, resize, shot, wait

CHINA = datetime.timezone(datetime.timedelta(hours=8))
DAY = 86_400_000


def dark(driver, is_dark):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]})


def store(name):
    connection = sqlite3.connect(os.path.join(data, "portal", f"{name}1.sqlite"), timeout=30)
    connection.isolation_level = None
    return connection


def write_history():
    """What would stand in the overview's tables had the neighbourhood been there for eleven weeks."""
    chance = random.Random(11)
    pack = json.loads(store("").execute("SELECT body FROM pack").fetchone()[0])
    categories = [c["code"] for c in pack["categories"] if c["kind"] == "snapshot"]
    now = int(datetime.datetime.now(CHINA).timestamp() * 1000)
    connection = store("overview-")
    connection.execute("BEGIN IMMEDIATE")
    number = 0

    def keep(community, category, place, opened, reopens=0):
        nonlocal number
        number += 1
        closed = opened + chance.randint(2, 60) * 3_600_000
        is_closed = closed < now and chance.random() < .92
        connection.execute(
            "INSERT INTO publicCase VALUES (?, 9, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (f"history-{number}", f"LS-{number:04}", community, "snapshot" if place else "request", category,
             "closed" if is_closed else "dispatched", *(place or (None, None)), opened, closed if is_closed else None,
             chance.random() < .12, reopens, chance.choice([1, 1, 1, 2, 3])))
    for index, community in enumerate(pack["communities"]):
        corner = [value // 10_000 * 10_000 for value in community["outline"][0][0][:2]] if community["outline"] else (286_830_000, 1_159_450_000)
        quality = chance.uniform(.75, .98)
        for back in range(77):
            day = (datetime.datetime.now(CHINA) - datetime.timedelta(days=back)).date().isoformat()
            cases = chance.choice([0, 1, 2, 3]) if index % 5 else chance.choice([0] * 9 + [1])
            for _ in range(cases):
                place = (corner[0] + chance.randint(0, 9) * 10_000, corner[1] + chance.randint(0, 9) * 10_000)
                keep(community["id"], chance.choice(categories), None if chance.random() < .2 else place,
                     now - back * DAY - chance.randint(0, 9) * 3_600_000)
            if back == 0 or not cases:
                continue
            connection.execute("INSERT OR IGNORE INTO publishedDay VALUES (?, ?, 1, 10, 480)", (community["id"], day))
            good = sum(chance.random() < quality for _ in range(cases))
            for name, value in [("assigned", cases), ("responded", good), ("closed", cases), ("onTime", good),
                                ("solvedAnswers", cases // 2), ("solved", min(good, cases // 2)),
                                ("satisfiedAnswers", cases // 2), ("satisfied", min(good, cases // 2) * (chance.random() < .9))]:
                if value:
                    connection.execute("INSERT OR IGNORE INTO publishedCount VALUES (?, ?, ?, ?)", (community["id"], day, name, int(value)))
        if index < 2:  # Bins that overflow every few days at one place.
            for back in range(1, 24, 3 + index):
                keep(community["id"], categories[0], tuple(corner), now - back * DAY, reopens=back % 2)
    connection.execute("COMMIT")
    connection.close()


def main():
    subprocess.run([program, "simulate", "--data", data, "--reports", "12", "--seed", "3"], check=False, stdout=subprocess.DEVNULL)
    eventually(lambda: store("overview-").execute("SELECT COUNT(*) FROM publicCase").fetchone()[0] > 0, "the overview has read public cases")
    write_history()
    month = datetime.datetime.now(CHINA).strftime("%Y-%m")
    earlier = (datetime.datetime.now(CHINA).replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")
    driver = browser(phone=False)
    try:
        for width in (390, 1280):
            resize(driver, width)
            for is_dark in (False, True):
                dark(driver, is_dark)
                look = f"{width}-{'dark' if is_dark else 'light'}"
                driver.get(portal + "/overview")
                wait(driver, lambda d: one(d, "#state").text == "实时", "the numbers are live")
                check(one(driver, "[data-count=care]").text == "14" and len(driver.find_elements(By.CSS_SELECTOR, "ol.care li")) == 14, f"{look}: the care list")
                check(len(driver.find_elements(By.CSS_SELECTOR, ".bars rect.series-1")) >= 11, f"{look}: a bar for each week")
                shot(driver, f"{look}-overview", most=5200)
                driver.get(portal + f"/overview/reports/{earlier}")
                check("每月一题" in one(driver, "main").text, f"{look}: the report has an issue of the month")
                shot(driver, f"{look}-report", most=6500)
        dark(driver, False)
        driver.get(portal + "/overview")
        wait(driver, lambda d: one(d, "#state").text == "实时", "the numbers are live")
        driver.get(portal + f"/overview/reports/{month}")
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        resize(driver, 704)  # A4 without its margins.
        check(not driver.find_elements(By.CSS_SELECTOR, ".screen")[0].is_displayed(), "paper has no ways back")
        check(driver.execute_script(
            "const table = document.querySelector('.stacks'), look = element => getComputedStyle(element);"
            "return look(table).display === 'table' && look(table.tHead).position === 'static'"
            " && look(table.rows[1].cells[1]).display === 'table-cell' && table.scrollWidth <= table.parentElement.clientWidth"
            " && document.documentElement.scrollWidth <= innerWidth"), "on paper the communities are a table that fits A4")
        shot(driver, "704-print-report", looks=False, most=6500)
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        resize(driver, 1280)
        driver.get(portal + "/overview")
        wait(driver, lambda d: one(d, "#state").text == "实时", "the numbers are live")
        before = int(one(driver, "[data-count=snapshots]").text)
        connection = store("overview-")
        connection.execute("INSERT INTO publicCase SELECT 'one-more', 1, 'LS-9999', communityId, 'snapshot', category, 'filed', NULL, NULL, openedAt, NULL, 0, 0, 1 FROM publicCase WHERE kind = 'snapshot' LIMIT 1")
        wait(driver, lambda d: int(one(d, "[data-count=snapshots]").text) == before + 1, "a new case is counted without a key pressed")
        check(not complaints(driver), "the browser complains of nothing")
    finally:
        driver.quit()
    plain = browser(script=False, phone=False, language="en-GB")
    try:
        plain.get(portal + "/overview")
        check("District overview" in one(plain, "h1").text and one(plain, ".bars").is_displayed(), "without scripts and in English it is all there")
        shot(plain, "1280-plain-overview", looks=False, most=5200)
    finally:
        plain.quit()
    file = os.path.join(pictures, f"report-{month}.pdf")
    for period in (month, earlier):
        file = os.path.join(pictures, f"report-{period}.pdf")
        said = subprocess.run([program, "report", "--url", portal, "--period", period, "--pdf", file, "--json"], capture_output=True, text=True)
        check(said.returncode == 0, f"the command prints {period}: {said.stdout}{said.stderr}")
        with open(file, "rb") as pdf:
            check(pdf.read(5) == b"%PDF-", f"{file} is a PDF")
    print(f"pictures: {pictures}")
    raise SystemExit(1 if faults else 0)


main()
