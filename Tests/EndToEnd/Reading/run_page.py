#!/usr/bin/env python3
"""Runs what docs/reading-topics.md shows, as it stands there, against what runs on a data folder.

    run_page.py PAGE FOLDER

FOLDER is where a reader would stand: it has `data` and `deploy`, and `suishoupai` is in PATH. Blocks of Python are saved under the name
in their first line, those of the shell are run one after the other in one shell, each must end well and, unless it only sets something,
print something. Prints what they printed; ends with 1 at the first that does not go.
"""

import re
import subprocess
import sys
from pathlib import Path

page, folder = Path(sys.argv[1]).read_text(encoding="utf-8"), Path(sys.argv[2])
blocks = re.findall(r"^```(sh|python)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
if len(blocks) < 12:
    sys.exit(f"the page has only {len(blocks)} blocks")
script = ["set -euo pipefail"]
for number, (language, text) in enumerate(blocks):
    if language == "python":
        name = re.match(r"# ([\w.]+)\n", text)
        if not name:
            sys.exit(f"block {number} of Python does not say its name:\n{text}")
        (folder / name[1]).write_text(text, encoding="utf-8")
    else:
        script.append(f"echo '@@ {number}' >&2; echo '@@ {number}'\n{text}")
ran = subprocess.run(["bash", "-c", "\n".join(script)], cwd=folder, capture_output=True, text=True, timeout=240)
print(ran.stdout)
if ran.returncode:
    print(ran.stderr[-4000:])
    sys.exit(1)
silent = 0
for number, output in re.findall(r"^@@ (\d+)\n(.*?)(?=^@@ |\Z)", ran.stdout, re.MULTILINE | re.DOTALL):
    text = blocks[int(number)][1]
    if not output.strip() and not re.search(r"^export |> [\w.-]+$", text, re.MULTILINE):
        silent += 1
        print(f"block {number} said nothing:\n{text}")
sys.exit(1 if silent else 0)
