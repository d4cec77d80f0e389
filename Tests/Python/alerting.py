"""alerting.py PROGRAM PROJECT: each kind of bad page reaches whom the runbook names, and is taken back, by the files of Deploy/.

Of those files only what must differ does: times, ports, and where secrets are. Expressions and routes are used as they are.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

from alerting_servers import Failure, Receiver, Servers, fetch, free_port

program, project = sys.argv[1:]
deploy = f"{project}/Deploy/prometheus"

# Who is told: the path of a Slack channel's webhook with its channel, or a key of PagerDuty with the severity.
BACKEND = {"slack backend #qfs-backend-alerts", "pagerduty backend warning"}
CRITICAL = {"slack critical #qfs-critical-alerts", "pagerduty sre critical", "pagerduty backend critical"}

# What a failed drill is part of.
SILENCING = ("StorageReplayDeterminismMismatch", "StorageReplayCapabilityDegraded")


def derived(name, folder, substitutions):
    """Copies a file of Deploy/ with `substitutions`, each of which must have something to replace."""
    text = open(f"{deploy}/{name}").read()
    for old, new in substitutions.items():
        if old not in text:
            raise Failure(f"{name} has no {old!r} any more: change this test with it")
        text = text.replace(old, new)
    path = f"{folder}/{name}"
    open(path, "w").write(text)
    return path


def configure(folder, receiver, alertmanager, exporter):
    derived("rules.yml", folder, {"keep_firing_for: 5m": "keep_firing_for: 5s", "for: 2m": "for: 1s"})
    prometheus = derived("prometheus.yml", folder, {
        "_interval: 1m": "_interval: 1s", "scrape_timeout: 10s": "scrape_timeout: 1s",
        "'127.0.0.1:9093'": f"'127.0.0.1:{alertmanager}'", "'127.0.0.1:9100'": f"'127.0.0.1:{exporter}'", "'127.0.0.1:9464'": f"'127.0.0.1:{receiver.port}'"})
    alerts = derived("alertmanager.yml", folder, {
        "group_wait: 30s": "group_wait: 3s", "group_interval: 5m": "group_interval: 1s",
        "https://events.pagerduty.com/v2/enqueue": f"http://127.0.0.1:{receiver.port}/pagerduty",
        "/etc/prometheus/eqm-replay": folder})
    for name in ("backend", "critical"):
        open(f"{folder}/slack-{name}-alerts.url", "w").write(f"http://127.0.0.1:{receiver.port}/slack/{name}")
    for name in ("backend", "sre"):
        open(f"{folder}/pagerduty-{name}.key", "w").write(name)
    return prometheus, alerts


def drilled(folder, log, status, *arguments):
    """The page that a drill of a fixture leaves; drills follow each other in one file, as on a machine."""
    path = f"{folder}/drill.prom"
    drill = [program, "drill", f"{project}/fixtures/{log}", "--out", f"{folder}/evidence", "--metrics-file", path, "-q"]
    run = subprocess.run([*drill, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if run.returncode != status:
        raise Failure(f"drill of {log}: exit status {run.returncode}, not {status}: {run.stderr}")
    return open(path).read()


def pages(folder):
    good = drilled(folder, "runbook-small.json", 0)
    family = "storage_replay_last_success_timestamp_seconds"
    late = str(int(time.time()) - 101 * 86400)
    overdue = re.sub(rf"^({family}{{.*}}) .*$", rf"\1 {late}", good, flags=re.M)
    if late not in overdue:
        raise Failure(f"the page has no {family}:\n{good}")
    # A mismatch first: a group of warnings that is there already would not wait for what silences it.
    return good, {
        "StorageReplayDeterminismMismatch":
            (drilled(folder, "runbook-small.json", 1, "--expect-state-root", 64 * "0"), CRITICAL),
        "StorageReplayCapabilityDegraded": (drilled(folder, "bad-entries.jsonl.lz4", 3), BACKEND),
        "StorageReplayDrillFailed": (drilled(folder, "runbook-small.json", 3, "--no-sequential"), BACKEND),
        "StorageReplayDrillOverdue": (overdue, BACKEND),
    }


def show(folder, page):
    """What node_exporter gets; the live job always sees the good page, which must not hide it."""
    open(f"{folder}/page", "w").write(page)
    os.rename(f"{folder}/page", f"{folder}/metrics/eqm_replay.prom")


def told(receiver):
    """Every notification as (alert, who, state)."""
    found = []
    for path, body in list(receiver.notifications):
        if path == "/pagerduty":
            alert = body["payload"]["summary"].split(":")[0] if body.get("payload") else body["dedup_key"]
            state = {"trigger": "firing", "resolve": "resolved"}[body["event_action"]]
            found.append((alert, f"pagerduty {body['routing_key']} {body['payload']['severity']}", state))
        else:
            state, _, summary = body["attachments"][0]["title"].partition(": ")
            found.append((summary, f"slack {path.rpartition('/')[2]} {body['channel']}", state.lower()))
    return found


def silenced(servers, alertmanager):
    """A mismatch or a degraded state is a drill that failed, too, of which nobody is told a second time."""
    alerts = f"{alertmanager}/api/v2/alerts?filter=alertname%3DStorageReplayDrillFailed"
    servers.wait(
        lambda: f"StorageReplayDrillFailed is suppressed: {fetch(alerts)}",
        lambda: [alert["status"]["state"] for alert in fetch(alerts) or []] == ["suppressed"])


def scenario(folder, servers, receiver, alertmanager, alert, page, good, expected):
    receiver.notifications.clear()
    for state, shown in (("firing", page), ("resolved", good)):
        show(folder, shown)
        servers.wait(
            lambda: f"{alert} {state}, to {sorted(expected)}; came: {told(receiver)}",
            lambda: {who for _, who, now in told(receiver) if now == state} >= expected)
        if state == "firing" and alert in SILENCING:
            silenced(servers, alertmanager)
    strangers = {who for _, who, _ in told(receiver)} - expected
    names = {name for name, who, _ in told(receiver) if who.startswith("pagerduty")}
    if strangers or names != {alert}:
        raise Failure(f"{alert} told {strangers or 'only whom it should'}, and PagerDuty of {names}: {told(receiver)}")
    print(f"{alert}: {', '.join(sorted(expected))}; resolved")


def start(servers, folder, receiver):
    alertmanager, prometheus, exporter = free_port(), free_port(), free_port()
    main, alerts = configure(folder, receiver, alertmanager, exporter)
    # As Deploy/README.md has it: the collector's folder holds a link.
    os.mkdir(f"{folder}/metrics")
    os.mkdir(f"{folder}/node-exporter")
    os.symlink(f"{folder}/metrics/eqm_replay.prom", f"{folder}/node-exporter/eqm_replay.prom")
    servers.start(
        "prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
        f"--collector.textfile.directory={folder}/node-exporter", f"--web.listen-address=127.0.0.1:{exporter}")
    servers.start(
        "prometheus-alertmanager", f"--config.file={alerts}", f"--storage.path={folder}/alertmanager",
        f"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address=")
    servers.start(
        "prometheus", f"--config.file={main}", f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{prometheus}")
    return f"http://127.0.0.1:{prometheus}/api/v1/query?query=", f"http://127.0.0.1:{alertmanager}"


def main(folder):
    receiver = Receiver()
    good, bad = pages(folder)
    with Servers(folder) as servers:
        query, alertmanager = start(servers, folder, receiver)
        receiver.page = good
        show(folder, good)

        def shown():
            answer = fetch(query + "count(storage_replay_capability_degraded==0)") or {}
            return [sample["value"][1] for sample in answer.get("data", {}).get("result", [])] == ["2"]

        servers.wait(lambda: "Prometheus has the page of both jobs", shown)
        for alert, (page, expected) in bad.items():
            scenario(folder, servers, receiver, alertmanager, alert, page, good, expected)


with tempfile.TemporaryDirectory(prefix="eqm-alerting-") as scratch:
    try:
        main(scratch)
    except Failure as failure:
        sys.exit(f"alerting: {failure}")
