# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The test runner counts what happened, and never takes silence for success."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "utils"))
import run_tests  # noqa: E402

REPORT = """<testsuites><testsuite name="s">
<testcase classname="c" name="good"/>
<testcase classname="c" name="bad"><failure message="m">wanted 1, found 2</failure></testcase>
<testcase classname="c" name="broken"><error message="no fixture"/></testcase>
<testcase classname="c" name="left out"><skipped/></testcase>
<testcase classname="c" name="disabled" result="skipped"/>
</testsuite></testsuites>"""


def run(tmp_path, script):
    outcome = run_tests.Outcome()
    run_tests.run_suite("suite", [sys.executable, "-c", script],
                        tmp_path / "report.xml", outcome, {})
    return outcome


def test_report_is_summed(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    outcome = run_tests.Outcome()
    run_tests.read_report(report, "suite", outcome)
    assert (outcome.passed, outcome.skipped) == (1, 2)
    assert outcome.failures == [("suite: c.bad", "wanted 1, found 2"),
                                ("suite: c.broken", "no fixture")]


def test_runner_without_report_fails(tmp_path):
    outcome = run(tmp_path, "print('about to crash'); raise SystemExit(139)")
    assert outcome.failures == [("suite: gave no report", "about to crash\n")]


def test_stale_report_is_not_read(tmp_path):
    (tmp_path / "report.xml").write_text(REPORT)
    outcome = run(tmp_path, "")
    assert (outcome.passed, len(outcome.failures)) == (0, 1)


def test_bad_exit_status_fails_though_the_report_is_good(tmp_path):
    good = '<testsuite><testcase classname="c" name="good"/></testsuite>'
    outcome = run(tmp_path, f"open({str(tmp_path / 'report.xml')!r}, 'w').write({good!r})\n"
                            "raise SystemExit(3)")
    assert outcome.passed == 1
    assert outcome.failures == [("suite: exit status 3", "")]
