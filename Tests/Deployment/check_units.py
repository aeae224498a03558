"""Whether systemd takes the units in deploy/systemd, and how far they shut the programs in."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.*"))
PROGRAMS = ["suishoupai", "report-intake", "case-routing", "points", "notifications", "portal", "embedded-broker"]


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is missing: the units were not checked")
class UnitTests(unittest.TestCase):
    def setUp(self):
        """A root in which the programs stand where the units look for them."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for path in [*(f"usr/local/bin/{name}" for name in PROGRAMS), "bin/sh"]:
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("#!/bin/sh\n")
            file.chmod(0o755)
        place = self.root / "etc/systemd/system"
        place.mkdir(parents=True)
        for unit in UNITS:
            shutil.copy(unit, place)
        # What the units name and systemd brings itself.
        for name in ["network-online.target", "multi-user.target", "timers.target", "sysinit.target", "basic.target",
                     "shutdown.target", "system.slice", "-.slice", "-.mount", "tmp.mount", "time-set.target", "time-sync.target"]:
            (place / name).write_text("[Unit]\nDefaultDependencies=no\n" + ("[Mount]\nWhat=x\nWhere=/\n" if name == "-.mount" else ""))
        (place / "tmp.mount").write_text("[Unit]\nDefaultDependencies=no\n[Mount]\nWhat=tmpfs\nWhere=/tmp\nType=tmpfs\n")

    def analyze(self, *arguments):
        return subprocess.run(
            ["systemd-analyze", f"--root={self.root}", "--man=no", *arguments], capture_output=True, text=True, check=False,
            env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"})

    def test_systemd_takes_every_unit_without_a_word(self):
        result = self.analyze("verify", *[unit.name for unit in UNITS])
        self.assertEqual((result.returncode, result.stderr.strip()), (0, ""))

    def test_a_wrong_word_would_be_found(self):
        wrong = self.root / "etc/systemd/system/wrong.service"
        wrong.write_text("[Service]\nExecStart=/usr/local/bin/suishoupai\nProtectEverything=yes\n")
        self.assertIn("ProtectEverything", self.analyze("verify", wrong.name).stderr)

    def test_services_are_shut_in(self):
        """`systemd-analyze security` gives 0 to what can do nothing and 10 to what can do all; the threshold counts tenths."""
        for unit in UNITS:
            if unit.suffix == ".service":
                with self.subTest(unit.name):
                    result = self.analyze("security", "--offline=true", "--threshold=20", unit.name)
                    self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_data_is_for_its_owner_alone(self):
        for unit in UNITS:
            if unit.suffix == ".service":
                with self.subTest(unit.name):
                    lines = unit.read_text().splitlines()
                    for line in ["UMask=0077", "User=suishoupai", "StateDirectoryMode=0700", "NoNewPrivileges=true"]:
                        self.assertIn(line, lines)


if __name__ == "__main__":
    unittest.main()
