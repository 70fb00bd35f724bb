#!/usr/bin/env python3
"""Writes docs/compatibility-scores.md: how many recorded statements of PostgreSQL 15 a running server answers alike, file by file.

    clients/score_page.py PATH --port 5432 --user heliosdb

PATH is the folder with the recordings and their scorer (`score.py`); they are not part of the source tree. The PostgreSQL statements (`regress/*`) and
the logic tests (`sqllogictest/*`) are run one after the other.
"""
import argparse, collections, json, os, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SETS = [("PostgreSQL's regression tests", "regress/*"), ("SQLite's logic tests", "sqllogictest/*")]


def run(args, pattern):
    with tempfile.NamedTemporaryFile(suffix=".json", delete=False) as report:
        name = report.name
    try:
        command = [sys.executable, os.path.join(args.path, "score.py"), "--host", args.host, "--port", str(args.port), "--user", args.user,
                   "--dbname", args.dbname, "--files", pattern, "--report", name]
        if args.password:
            command += ["--password", args.password]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with open(name) as f:
            return json.load(f)
    finally:
        os.unlink(name)


def section(title, report):
    summary = report["summary"]
    match, statements = summary["match"], summary["statements"]
    lines = [f"## {title}", "", f"{match:,} of {statements:,} statements are answered alike: {summary['percent']:.2f} %.", "",
             "| file | statements | alike | % | first difference |", "|---|---:|---:|---:|---|"]
    for file in sorted(report["files"], key=lambda f: f["file"]):
        first = file.get("first_failure") or {}
        text = " ".join(str(first.get("sql", "")).split())
        text = (text[:80] + "…" if len(text) > 80 else text).replace("|", "\\|")
        counts = file["counts"]
        lines.append(f"| {file['file'].split('/')[-1]} | {file['statements']} | {counts.get('match', 0)} | {file['percent']:.1f} "
                     f"| {'`' + text.replace('`', ' ') + '`' if text else ''} |")
    return lines + [""]


def commonest(reports):
    errors = collections.Counter()
    for report in reports:
        for file in report["files"]:
            errors.update(file.get("errors") or {})
    lines = ["## The ten commonest errors that PostgreSQL does not give", "", "| times | error |", "|---:|---|"]
    lines += [f"| {count} | {text.replace('|', chr(92) + '|')} |" for text, count in errors.most_common(10)]
    return lines + [""]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="folder with the recordings and score.py")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5432)
    parser.add_argument("--user", default="heliosdb")
    parser.add_argument("--password", default="")
    parser.add_argument("--dbname", default="heliosdb")
    parser.add_argument("--output", default=os.path.join(ROOT, "docs", "compatibility-scores.md"))
    args = parser.parse_args()
    reports = [run(args, pattern) for _, pattern in SETS]
    lines = ["# Agreement with PostgreSQL 15, file by file", "",
             "Written by `clients/score_page.py`; the differences in meaning are in [compatibility.md](compatibility.md). A statement agrees when rows, column",
             "names, type oids, command tag or SQLSTATE are those that PostgreSQL 15 gave.", ""]
    for (title, _), report in zip(SETS, reports):
        lines += section(title, report)
    lines += commonest(reports)
    with open(args.output, "w") as f:
        f.write("\n".join(lines).rstrip() + "\n")
    print(f"wrote {args.output}")


if __name__ == "__main__":
    main()
