"""Run as a program: proves that Prometheus and PostgreSQL take what socd-tui makes, and say the same.

    python -m tests.proof.monitoring [--tools FOLDER] [--where-possible]

Against a simulated account: every rule and its tests, the text-file collector, a scrape of `serve-metrics`,
a backfill of 90 days of which each is compared with `show series`, each query of the dashboard, and the
database. Programs that this machine lacks come from Debian's packages, unpacked into the folder; nothing is
installed, and nothing runs on. With --where-possible it is no failure where they are not to be had.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from socd_tui.clock import utc_now
from tests.exposition import told
from tests.proof.postgresql import database
from tests.proof.prometheus import Prometheus, awaited, fetched, free_port
from tests.proof.tools import NotToBeHad, Tools, running
from tests.terminal.pseudo import ROOT, environment

SHARE = ROOT / "share"
ACCOUNT = "main"
SOCD = (sys.executable, "-m", "socd_tui")
OWNERS = '[owners]\n"Ann Lee" = ["SOAR *", "Production SIEM"]\n"Data team" = ["threat-*", "MISP*"]\n'


class Disproved(Exception):
    """Something does not hold."""


@dataclass
class Proof:
    """One account, and everything that is tried with it, in a folder of its own."""

    tools: Tools
    folder: Path
    stack: ExitStack
    environ: dict[str, str] = field(default_factory=dict)
    prometheus: Prometheus | None = None

    # --- without an account ----------------------------------------------------------------------

    def rules(self) -> str:
        """Rules and their tests, and the other configuration."""
        promtool, folder = self.tools.path("promtool"), SHARE / "prometheus"
        checked = self._said(promtool, "check", "rules", str(folder / "socd.rules.yml"))
        self._said(promtool, "test", "rules", str(folder / "tests" / "socd.test.yml"))
        self._said(promtool, "check", "config", str(folder / "prometheus.yml"))
        amtool, routes = self.tools.path("amtool"), str(SHARE / "alertmanager" / "alertmanager.yml")
        self._said(amtool, "check-config", routes)
        for owner, receiver in (("Ann Lee", "ann"), ("Data team", "data"), ("", "everyone")):
            of = ("config", "routes", "test", f"--config.file={routes}", f"--verify.receivers={receiver}")
            self._said(amtool, *of, "alertname=SocdRunaway", f"owner={owner}")
        return " ".join(re.findall(r"\d+ rules", checked)[:1])

    # --- with one --------------------------------------------------------------------------------

    def account(self) -> str:
        """A simulated service that runs on, and somebody who is signed in to it."""
        variables = self.folder / "service"
        self.stack.enter_context(
            running(
                *SOCD,
                "demo-server",
                "--port",
                str(free_port()),
                log=variables,
                environ=environment(self.folder),
            )
        )
        said = awaited(
            lambda: re.findall(r"export \w+=(\S+)", variables.read_text()), "the service", variables
        )
        awaited(
            lambda: len(re.findall(r"export \w+=\S+\n", variables.read_text())) == 2, "its token", variables
        )
        base_url, token = re.findall(r"export \w+=(\S+)", variables.read_text())
        self.environ = environment(self.folder / "home", SOCD_BASE_URL=base_url)
        config = Path(self.environ["XDG_CONFIG_HOME"]) / "socd-tui"
        config.mkdir(parents=True)
        (config / "config.toml").write_text(OWNERS)
        self._socd("login", "--stdin", given=token)
        return f"signed in at {said[0]}"

    def text_file(self) -> str:
        """The collector of node_exporter tells every sample of the file, and promtool finds nothing wrong."""
        folder = self.folder / "textfile"
        folder.mkdir()
        path = folder / "socd.prom"
        self._socd("metrics", "--output", str(path), allowed=(0, 6))
        self._said(self.tools.path("promtool"), "check", "metrics", given=path.read_text())
        port = free_port()
        log = self.folder / "node-exporter.log"
        collector = f"--collector.textfile.directory={folder}"
        listen = f"--web.listen-address=127.0.0.1:{port}"
        program = self.tools.path("prometheus-node-exporter")
        only = ("--collector.disable-defaults", "--collector.textfile")
        with running(program, *only, collector, listen, log=log):
            text = awaited(lambda: fetched(f"http://127.0.0.1:{port}/metrics"), "node_exporter", log)
        ours = [each for each in told(text) if each.name.startswith("socd_")]
        written = told(path.read_text())
        self._check(len(ours) == len(written) > 100, f"{len(ours)} of {len(written)} samples")
        self._check("node_textfile_scrape_error 0" in text, "the collector complains")
        return f"{len(ours)} samples"

    def scrape_and_backfill(self) -> str:
        """A Prometheus takes in 90 days that it did not watch, and scrapes the exporter."""
        port = free_port()
        log = self.folder / "exporter.log"
        self.stack.enter_context(
            running(*SOCD, "serve-metrics", "--port", str(port), log=log, environ=self.environ)
        )
        awaited(
            lambda: "socd_key_requests_total" in fetched(f"http://127.0.0.1:{port}/metrics"), "metrics", log
        )
        path, data = self.folder / "socd.om", self.folder / "prometheus"
        labels = {"account": ACCOUNT, "job": "socd", "instance": f"127.0.0.1:{port}"}
        named = [part for name, value in labels.items() for part in ("--label", f"{name}={value}")]
        self._socd("metrics", "--backfill", *named, "--output", str(path), allowed=(0, 6))
        promtool = self.tools.path("promtool")
        create = ("tsdb", "create-blocks-from", "--max-block-duration=744h", "openmetrics")
        self._said(promtool, *create, str(path), str(data))
        blocks = len(list(data.iterdir()))
        self.prometheus = self._prometheus(port, data)
        return f"{len(told(path.read_text())):,} samples of the past in {blocks} blocks"

    def days(self) -> str:
        """Every finished day of every key is what `show series` says; past and present are one series."""
        prometheus = self._running()
        found = {
            each["metric"]["key_id"]: {_day_before(at): float(value) for at, value in each["values"]}
            for each in prometheus.over(
                "socd_key_requests_total - (socd_key_requests_total offset 1d)",
                _midnight(utc_now().date() - timedelta(days=90)),
                _midnight(utc_now().date()),
                86_400,
            )
        }
        shown = {key_id: self._shown(key_id) for key_id in found}
        same = sum(len(days) for days in shown.values())
        differing = [
            f"{key_id} on {day}: {count} and {found[key_id].get(day)}"
            for key_id, days in shown.items()
            for day, count in days.items()
            if found[key_id].get(day) != count
        ]
        self._check(not differing and same > 400, f"{differing[:5]} of {same}")
        series = prometheus.now("count(count_over_time(socd_key_requests_total[91d]))")
        self._check(int(series[0]["value"][1]) == len(found), "past and present are different series")
        return f"{same} days of {len(found)} keys are equal"

    def dashboard(self) -> str:
        """Each query answers."""
        prometheus = self._running()
        self._check(not prometheus.troubles(), f"{prometheus.troubles()}")
        panels = json.loads((SHARE / "grafana" / "socd-usage.json").read_text())["panels"]
        asked = [(panel, target["expr"]) for panel in panels for target in panel.get("targets", ())]
        silent = [
            f"{panel['title']}: {expr}"
            for panel, expr in asked
            if not self._answers(re.sub(r"\$(account|owner|key)\b", ".*", expr), panel.get("interval"))
        ]
        self._check(not silent, f"no answer to {silent}")
        return f"{len(asked)} queries answer"

    def postgresql(self) -> str:
        """The database takes the history, once, and says the same of each day."""
        csv = self._socd("history", "--format", "csv")
        folder = SHARE / "postgresql"
        with database(self.folder / "postgresql") as db:
            awaited(lambda: _answers_sql(db.run), "PostgreSQL")
            for _ in range(2):
                db.run("-f", str(folder / "schema.sql"))
            load = ("-v", f"account={ACCOUNT}", "-f", str(folder / "load.sql"))
            first, again = (db.run(*load, given=csv) for _ in range(2))
            total = db.run("-c", "SELECT sum(requests) FROM socd_day WHERE NOT partial")
            questions = [
                part
                for part in re.sub(r"(?m)^--( {5})?", "", (folder / "schema.sql").read_text()).split(";")
                if "FROM socd_" in part and "CREATE" not in part
            ]
            for question in questions:
                db.run("-c", question.partition("SELECT")[1] + question.partition("SELECT")[2])
        expected = sum(sum(self._shown(key["id"]).values()) for key in self._keys())
        self._check(again == "0", f"a second time changes {again} rows")
        self._check(int(total) == expected, f"{total} requests, and {expected} in show series")
        return f"{first} days, a second time {again}; {len(questions)} questions answer"

    # --- how -------------------------------------------------------------------------------------

    def _prometheus(self, exporter: int, data: Path) -> Prometheus:
        """One that asks every second, and has done so."""
        rules, config = self.folder / "socd.rules.yml", self.folder / "prometheus.yml"
        shared = SHARE / "prometheus"
        rules.write_text((shared / "socd.rules.yml").read_text().replace("interval: 1m", "interval: 1s"))
        text = (shared / "prometheus.yml").read_text().partition("alerting:")
        scrape = text[2].partition("scrape_configs:")
        config.write_text(
            (text[0] + scrape[1] + scrape[2])
            .replace("_interval: 15s", "_interval: 1s")
            .replace("127.0.0.1:9797", f"127.0.0.1:{exporter}")
        )
        port, log = free_port(), self.folder / "prometheus.log"
        self.stack.enter_context(
            running(
                self.tools.path("prometheus"),
                f"--config.file={config}",
                f"--storage.tsdb.path={data}",
                "--storage.tsdb.retention.time=400d",
                f"--web.listen-address=127.0.0.1:{port}",
                log=log,
            )
        )
        prometheus = Prometheus(f"http://127.0.0.1:{port}")
        for name in ("account_key:socd_requests:usual_day", "account_owner:socd_window_requests:sum"):
            awaited(lambda name=name: prometheus.now(name), name, log)  # type: ignore[misc]  # bound as it is
        # Each rule has seen what those before it made.
        awaited(
            lambda: prometheus.now("count_over_time(account_key:socd_day_limit:used_ratio[1m]) > 3"),
            "rules",
            log,
        )
        return prometheus

    def _running(self) -> Prometheus:
        if self.prometheus is None:
            raise Disproved("Prometheus does not run")
        return self.prometheus

    def _answers(self, expr: str, interval: str | None) -> bool:
        prometheus = self._running()
        today = _midnight(utc_now().date())
        if interval:
            return bool(prometheus.over(expr, today - 30 * 86_400, today, interval))
        return bool(prometheus.now(expr))

    def _shown(self, key_id: str) -> dict[date, int]:
        """Requests of each day that is over, as `show series` has them."""
        if key_id not in self._seen:
            text = self._socd(
                "show", "series", "--key", key_id, "--days", "90", "--format", "json", allowed=(0, 6)
            )
            self._seen[key_id] = {
                date.fromisoformat(day["date"]): day["requests"]
                for day in json.loads(text)["data"]["days"] or ()
                if day["requests"] is not None and not day["partial"]
            }
        return self._seen[key_id]

    _seen: dict[str, dict[date, int]] = field(default_factory=dict)

    def _keys(self) -> list[Any]:
        document = json.loads(self._socd("keys", "--format", "json"))
        return list(document["keys"] if isinstance(document, dict) else document)

    def _socd(self, *arguments: str, given: str = "", allowed: tuple[int, ...] = (0,)) -> str:
        return self._said(*SOCD, *arguments, given=given, allowed=allowed, environ=self.environ)

    def _said(
        self,
        *command: str,
        given: str = "",
        allowed: tuple[int, ...] = (0,),
        environ: dict[str, str] | None = None,
    ) -> str:
        """What a program prints. Raises Disproved where it fails, or promtool finds fault."""
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, env=environ)
        if done.returncode not in allowed:
            raise Disproved(
                f"{' '.join(command[-4:])}: {done.returncode}\n{done.stdout}{done.stderr}"[:4_000]
            )
        return done.stdout

    @staticmethod
    def _check(holds: bool, otherwise: str) -> None:
        if not holds:
            raise Disproved(otherwise)


def _answers_sql(run: Callable[..., str]) -> bool:
    try:
        return bool(run("-c", "SELECT 1"))
    except RuntimeError:
        return False


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()


def _day_before(at_s: float) -> date:
    """At a midnight a counter has risen by the day before."""
    return datetime.fromtimestamp(at_s, UTC).date() - timedelta(days=1)


STATIC = ("rules",)
"""What takes no account, and no second."""
STEPS = (*STATIC, "account", "text_file", "scrape_and_backfill", "days", "dashboard", "postgresql")
OPTIONAL = ("postgresql",)
"""Left out where it is not to be had."""


def proved(tools: Tools, steps: tuple[str, ...] = STEPS) -> Iterator[tuple[str, str]]:
    """Each step with what was found. Raises Disproved, TimeoutError, NotToBeHad."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="socd-proof-")))
        folder.chmod(0o755)  # for the user that runs the database
        proof = Proof(tools, folder, stack)
        for step in steps:
            try:
                yield step, getattr(proof, step)()
            except NotToBeHad as error:
                if step not in OPTIONAL:
                    raise
                yield step, f"left out: {error}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--tools", type=Path, metavar="FOLDER", help="unpack programs here, and keep them")
    parser.add_argument(
        "--where-possible", action="store_true", help="no failure where they are not to be had"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="socd-tools-") as temporary:
        tools = Tools(options.tools.resolve() if options.tools else Path(temporary))
        try:
            tools.fetch()
            began_s = monotonic()
            for step, found in proved(tools):
                print(f"ok {monotonic() - began_s:6.1f} s  {step:<20} {found}", flush=True)
        except NotToBeHad as error:
            print(f"not proved: {error}")
            return 0 if options.where_possible else 1
        except (Disproved, TimeoutError, RuntimeError) as error:
            print(f"FAILED: {error}")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
