"""Whether deploy/monitoring is sound: promtool takes rules and tests, and every metric named is one of docs/metrics.md."""

import json
import pathlib
import re
import shutil
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy/monitoring"
RULES = sorted((MONITORING / "rules").glob("*.yml"))
DASHBOARDS = sorted((MONITORING / "dashboards").glob("*.json"))
# What Prometheus itself knows.
BUILT_IN = {"up"}
WORDS = {
    "sum", "by", "rate", "max", "min", "avg", "increase", "histogram_quantile", "deriv", "and", "or", "unless", "on", "without",
    "topk", "le", "count", "job", "route", "processor", "outcome", "instance", "status", "label_replace", "clamp_min", "time",
}


def listed():
    """The names of docs/metrics.md by kind, with what Prometheus makes of a histogram and a summary."""
    names = set()
    for line in (ROOT / "docs/metrics.md").read_text().splitlines():
        match = re.match(r"^\| `([a-z_]+)` \| (counter|gauge|histogram|summary) \|", line)
        if match:
            name, kind = match.groups()
            names.add(name)
            if kind in {"histogram", "summary"}:
                names |= {f"{name}_sum", f"{name}_count"}
            if kind == "histogram":
                names.add(f"{name}_bucket")
    return names


def rules():
    return [rule for file in RULES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def expressions():
    found = [(rule.get("record") or rule.get("alert"), rule["expr"]) for rule in rules()]
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text())["panels"]:
            found += [(f"{file.name}: {panel['title']}", target["expr"]) for target in panel.get("targets", [])]
    return found


def names_in(expression):
    """The metrics of a PromQL expression: words that are no function, label or value."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}", "", bare)
    bare = re.sub(r"\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(by|without|on)\s*\([^)]*\)", "", bare)
    return set(re.findall(r"[a-zA-Z_][a-zA-Z0-9_:]*", bare)) - WORDS


class MonitoringTests(unittest.TestCase):
    def test_every_metric_is_listed(self):
        known = listed() | BUILT_IN | {rule["record"] for rule in rules() if "record" in rule}
        self.assertGreater(len(known), 20)
        for place, expression in expressions():
            with self.subTest(place):
                self.assertTrue(names_in(expression))
                self.assertLessEqual(names_in(expression), known)

    def test_every_alert_says_what_to_do_and_is_tested(self):
        tested = {case["alertname"] for file in (MONITORING / "tests").glob("*.yml")
                  for test in yaml.safe_load(file.read_text())["tests"] for case in test.get("alert_rule_test", [])}
        pages = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
        for rule in rules():
            if "alert" in rule:
                with self.subTest(rule["alert"]):
                    self.assertIn(rule["labels"]["severity"], {"page", "ticket"})
                    said = rule["annotations"]["what_to_do"]
                    self.assertTrue(rule["annotations"]["summary"])
                    # A page and a heading that are there.
                    for page, heading in re.findall(r"docs/([a-z-]+\.md), '([^']+)'", said):
                        self.assertTrue(re.search(rf"(?m)^#+ {re.escape(heading)}$", pages[page]), f"{page}: {heading}")
        untested = {rule["alert"] for rule in rules() if "alert" in rule} - tested
        self.assertEqual(untested, {"AnswersMissing", "ReaderLostItsPlace", "ReadModelFails", "DeliveriesFail", "DeliveryWaits"})

    def test_dashboards_can_be_read(self):
        self.assertTrue(DASHBOARDS)
        for file in DASHBOARDS:
            with self.subTest(file.name):
                board = json.loads(file.read_text())
                self.assertEqual(file.stem, board["uid"])
                ids = [panel["id"] for panel in board["panels"]]
                self.assertEqual(len(ids), len(set(ids)))
                taken = set()
                for panel in board["panels"]:
                    place = panel["gridPos"]
                    self.assertLessEqual(place["x"] + place["w"], 24)
                    cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                             for y in range(place["y"], place["y"] + place["h"])}
                    self.assertFalse(cells & taken, panel["title"])
                    taken |= cells
                    for target in panel.get("targets", []):
                        self.assertIn("expr", target)

    @unittest.skipUnless(shutil.which("promtool"), "promtool is missing: rules were not checked")
    def test_promtool_takes_everything(self):
        checks = [["check", "rules", *RULES], ["test", "rules", *sorted((MONITORING / "tests").glob("*.yml"))]]
        # Debian builds Prometheus without Kubernetes, so kubernetes.yml is only read.
        checks.append(["check", "config", "--syntax-only", MONITORING / "prometheus.yml"])
        self.assertEqual(set(yaml.safe_load((MONITORING / "kubernetes.yml").read_text())),
                         {"global", "rule_files", "scrape_configs"})
        for check in checks:
            with self.subTest(check[:2]):
                result = subprocess.run(["promtool", *check], capture_output=True, text=True, check=False)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()
