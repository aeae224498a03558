"""Walks the pages as four people do, in Debian's Chromium, and keeps a picture of each page, on a phone and on a desk.

A rider reports, a dispatcher files and dispatches, a handler handles, a verifier verifies, the rider rates.

Usage: walk.py PORTAL DATA SUISHOUPAI PICTURES. Ends with 0 where all was as it should be; says what it sees.
Axe (https://www.deque.com/axe/) looks at every page: nothing serious may be found.
"""
import os

import rider
import staff
from browsing import ask, browser, check, complaints, eventually, faults, is_at, one, picture, pictures, portal, press, shot, sign_in, token, wait


def cases_of(subject, number):
    """Waits until somebody has so many cases, and gives their ids."""
    def enough():
        items = ask("GET", "/v1/me/reports", token("rider", subject))["items"]
        return [item["caseId"] for item in items] if len(items) >= number else None
    return eventually(enough, f"{subject} has {number} cases")


def main():
    before = picture(os.path.join(pictures, "photo-before.png"), (70, 90, 40))
    after = picture(os.path.join(pictures, "photo-after.png"), (196, 200, 205))
    driver = browser()
    try:
        driver.get(portal + "/report")
        check("/sign-in?back=/report" in driver.current_url, "a stranger is led to sign in")
        shot(driver, "01-sign-in")
        sign_in(driver, "rider-yu")
        wait(driver, lambda d: is_at(d, "/report"), "the report page is there")
        shot(driver, "02-report")
        rider.report(driver, before)
        case = rider.latest_case(driver, 1)
        staff.report_more("rider-li", "东门垃圾箱满了，溢到路上", "P0305", 0.0004)
        staff.report_more("rider-li", "绿化带里有生活垃圾", "E0102", -0.0006)
        others = cases_of("rider-li", 2)
        handler = staff.dispatch(case, others)
        staff.handle(case, handler, after)
        staff.verify(case, after)
        staff.without_script(case)
        rider.rate(driver, case)
        check(rider.count_looks(driver) == 1, "the rider sees that somebody of the staff looked")
        shot(driver, "06-me-looked-at")
        rider.order(driver)
        rider.offline(driver, before)
        bearer = token("rider", "rider-yu")
        cases = cases_of("rider-yu", 2)
        steps = [step["type"] for step in ask("GET", f"/v1/cases/{cases[0]}/timeline", bearer)["items"]]
        check(len(cases) == 2 and "case.report-joined" not in steps, f"the draft came once ({len(cases)} cases; {steps})")
        driver.get(portal + "/inbox")
        shot(driver, "10-inbox")
        rider.in_english_and_dark(driver, case)
        wrong = complaints(driver)
        check(not wrong, "the browser complains of nothing" + "".join("; " + words[:300] for words in wrong))
        press(driver, one(driver, "form[action='/sign-out'] button"))
        wait(driver, lambda d: "/sign-in" in d.current_url, "signed out")
        driver.get(portal + "/me")
        check("/sign-in" in driver.current_url, "who signed out is a stranger")
    finally:
        driver.quit()
    rider.without_script(before)
    rider.on_a_desk(case)
    print(f"pictures: {pictures}")
    raise SystemExit(1 if faults else 0)


main()
