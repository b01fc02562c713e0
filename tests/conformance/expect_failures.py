"""expect_failures.py KIT PLUGIN SETUP [ID...]: the kit must fail exactly these checks of the plugin.

A check counts as failed when it is FAIL or CRASH in any configuration. The exit code must agree, and nothing may be
skipped unless the setup or an earlier gate says so. Only these checks are run, because each fixture takes ten seconds
in full; with FAIRLEAD_JUDGE_IN_FULL=1, as scripts/check-full sets it, all are, and no other may fail.
"""
import json
import os
import subprocess
import sys

EXPECTED_SKIPS = ("this configuration is clear", "did not pass")


def main(kit, plugin, setup, *expected):
    in_full = not expected or os.environ.get("FAIRLEAD_JUDGE_IN_FULL") == "1"
    only = [] if in_full else [word for name in expected for word in ("--only", name)]
    run = subprocess.run([kit, plugin, "--setup", setup, "--json", *only], stdin=subprocess.DEVNULL, capture_output=True,
                         text=True, check=False)
    report = json.loads(run.stdout)
    checks = report["data"]["checks"]
    failed = {check["id"] for check in checks if check["state"] in ("FAIL", "CRASH")}
    for check in checks:
        if check["state"] != "PASS":
            print(check["state"], check["id"], check.get("configuration", "-"), check["detail"])
    wrong = [f"{name} was expected to fail and did not" for name in sorted(set(expected) - failed)]
    wrong += [f"{name} failed and was not expected to" for name in sorted(failed - set(expected))]
    wrong += [f"{check['id']} was skipped: {check['detail']}" for check in checks
              if check["state"] == "SKIP" and not check["detail"].endswith(EXPECTED_SKIPS)]
    wrong += [f"{check['id']} warns: {check['detail']}" for check in checks if check["state"] == "WARN"]
    if run.returncode != (1 if expected else 0):
        wrong.append(f"exit code {run.returncode}")
    reported = {check["id"] for check in checks}
    if in_full and len(reported) != 32:
        wrong.append("not all 32 checks are in the report")
    if not in_full and reported != set(expected):
        wrong.append(f"the report has {', '.join(sorted(reported))}")
    print("\n".join(wrong) or "as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
