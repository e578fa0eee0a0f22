"""Runs the scripts of one design with the real `az` against the stand-in, and compares what they
created with what the template of the same design says.

    python run.py FOLDER [--interrupted] [--plain]

With --interrupted, the first attempt ends half way. With --plain, each call of `az` starts the client
anew; else it is a fork of a client that is loaded (`forked_az.py`). FOLDER holds `cli/`, `arm/` and `roles.json`, as `main.rs` writes them. Prints what is wrong, a line
each, and then one line that tells what was done; the exit code is 1 if anything is wrong.
"""

import argparse
import copy
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import standin
import template
from proxy import Proxy

HERE = Path(__file__).resolve().parent

# What commands add of their own, at Azure's own default. Anything else that a template does not
# say is a difference.
ADDED = {
    "microsoft.network/virtualnetworks": {
        "properties.enableDdosProtection": False,
        "properties.enableVmProtection": False,
    },
    "microsoft.network/virtualnetworks/virtualnetworkpeerings": {
        "properties.peerCompleteVnets": True,
    },
    "microsoft.network/virtualnetworks/subnets": {
        "properties.privateLinkServiceNetworkPolicies": "Enabled",
    },
    "microsoft.network/privateendpoints": {"properties.ipVersionType": "IPv4"},
}

# Longest that a script may take: far more than any needs.
PATIENCE = 900


class Topology:
    def __init__(self, folder, home, plain):
        self.folder, self.home = folder, home
        self.problems = []
        self.calls = 0
        self.deploy = (folder / "cli/deploy.sh").read_text()
        self.teardown = (folder / "cli/teardown.sh").read_text()
        self.values = answers(self.deploy + self.teardown)
        guids = re.findall(r"subscriptions?[/=]([0-9a-f]{8}(?:-[0-9a-f]+){4})", self.deploy)
        people = [it for name, it in self.values.items() if "OBJECT_ID" in name]
        subscriptions = [it for name, it in self.values.items() if "SUBSCRIPTION" in name]
        roles = json.loads((folder / "roles.json").read_text())
        self.azure = standin.Azure(roles, {standin.SUBSCRIPTION, *guids, *subscriptions}, people)
        self.proxy = Proxy(home, self.azure.answer)
        self.environment = self.proxy.environment() | {
            "PATH": f"{home / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(home),
            "TMPDIR": str(home),
            "LANG": "C.UTF-8",
            "AZURE_CONFIG_DIR": str(home / "azure"),
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_NO_COLOR": "yes",
            "AZURE_CORE_SURVEY_MESSAGE": "no",
            "AZURE_SUBSCRIPTION_ID": standin.SUBSCRIPTION,
            "CALLS": str(home / "calls"),
        }
        self.client = None
        if plain:
            commands(home, f'"{Path(sys.executable).parent / "az"}"')
        else:
            fork = f'"{sys.executable}" -I -S "{HERE / "forked_az.py"}"'
            commands(home, f'{fork} call "{home / "client"}"')
            serve = [sys.executable, "-I", HERE / "forked_az.py", "serve", home / "client"]
            self.client = subprocess.Popen(serve, env=self.environment, cwd=home, stdout=subprocess.PIPE)
            if self.client.stdout.readline() != b"ready\n":
                raise RuntimeError("the client cannot be loaded")

    def close(self):
        if self.client:
            self.client.kill()
            self.client.wait()

    def wrong(self, what):
        self.problems.append(what)

    # --- Running

    def run(self, script, *arguments, values=True):
        """Exit code and output of a script that nobody sits in front of."""
        given = self.values if values else {}
        done = subprocess.run(
            ["bash", str(self.folder / "cli" / script), *arguments],
            env=self.environment | given,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        return done.returncode, done.stdout

    def run_typing(self, script, typed):
        """The same, with somebody at the keyboard."""
        mine, its = pty.openpty()
        os.write(mine, typed.encode())
        done = subprocess.run(
            ["bash", str(self.folder / "cli" / script)],
            env=self.environment | self.values,
            cwd=self.home,
            stdin=its,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        os.close(mine)
        os.close(its)
        return done.returncode, done.stdout

    def sign_in(self):
        service = ["--service-principal", "--username", standin.CLIENT, "--password", standin.SECRET]
        subprocess.run(
            ["az", "login", *service, "--tenant", standin.TENANT, "--output", "none"],
            env=self.environment,
            cwd=self.home,
            check=True,
            timeout=PATIENCE,
        )

    def requests(self, method):
        return [it for it in self.azure.log if it["method"] == method]

    # --- What must hold

    def deploys(self, time):
        code, out = self.run("deploy.sh")
        done = re.search(r"^Done: (\d+) of (\d+) steps\.$", out, re.MULTILINE)
        if code != 0 or not done or done[1] != done[2]:
            self.wrong(f"{time} deploy.sh ended with {code}: {tail(out)}")
        return code == 0

    def foresees(self, script, counts=None):
        """What would happen, told without doing any of it; `counts` is what a deployment tells of its steps."""
        before, seen = self.azure.state(), len(self.azure.log)
        secrets = re.findall(r"^ *ask (\w+) .* secret$", self.deploy, re.MULTILINE)
        known = {name: it for name, it in self.values.items() if name not in secrets}
        code, out = self.run(script, "--what-if", values=known)
        for it in self.azure.log[seen:]:
            asks = it["method"] == "POST" and re.search("/(checknameavailability|token)$", it["path"].lower())
            if it["method"] not in ("GET", "HEAD") and not asks:
                self.wrong(f"{script} --what-if sent {it['method']} {it['path']}")
        if code != 0 or "\nNothing was " not in out or self.azure.state() != before:
            self.wrong(f"{script} --what-if ended with {code}: {tail(out)}")
        if counts:
            told = re.search(r"Of (\d+) steps (\d+) would create, (\d+) would bring .*, (\d+) would leave", out)
            if not told or [int(it) for it in told.groups()] != counts:
                self.wrong(f"{script} --what-if does not tell {counts}: {tail(out)}")

    def steps(self):
        """How many there are in all, those that only add to what an earlier one made, and those that leave compute alone."""
        total = int(re.search(r"^readonly total=(\d+)$", self.deploy, re.MULTILINE)[1])
        adds = len(re.findall(r"^put 'Traffic of|/accessPolicies/add", self.deploy, re.MULTILINE))
        return total, adds, len(re.findall(r"^put_new ", self.deploy, re.MULTILINE))

    def foresees_a_deployment(self, of_new):
        total, adds, computes = self.steps()
        self.foresees("deploy.sh", [total, total - adds, adds, 0] if of_new else [total, 0, total - computes, computes])

    def stops_where_azure_refuses(self):
        """Half way, then from the start again."""
        puts = len(self.expected()) // 2
        seen = []

        def forbids(request):
            seen.append(request.method == "PUT")
            return request.method == "PUT" and sum(seen) > puts

        self.azure.forbids = forbids
        code, out = self.run("deploy.sh")
        self.azure.forbids = lambda request: False
        refused = [it for it in self.requests("PUT") if it["status"] == 403]
        if code == 0 or len(refused) != 1 or "Done" in out:
            self.wrong(f"deploy.sh went on after Azure refused: {code}, {tail(out)}")

    def expected(self):
        arm = json.loads((self.folder / "arm/azuredeploy.json").read_text())
        values = {}
        for name, it in arm["parameters"].items():
            # Scripts see for themselves what is there already.
            values[name] = it.get("defaultValue", self.values.get(variable(name), f"no question for {name}"))
        group = None
        if "subscriptionDeploymentTemplate" not in arm["$schema"]:
            found = re.search(r"^ *az group create \\\n *--name (\S+) ", self.deploy, re.MULTILINE)
            group = found[1].strip("'")
        scope = template.Scope(standin.SUBSCRIPTION, group, values)
        all_of_it = template.deployed(arm, scope)
        if group:
            # A template for a group leaves it to others to create it.
            key = scope.id.lower()
            created = self.azure.state().get(key)
            all_of_it[key] = created or {"type": "", "name": "", "body": {}}
        return all_of_it

    def created_what_the_template_says(self):
        expected, found = self.expected(), self.azure.state()
        for what in differences(expected, found):
            self.wrong(what)
        if not self.problems:
            self.notices_planted_faults(expected, found)

    def notices_planted_faults(self, expected, found):
        """The comparison itself: each of these must be found."""
        for key, it in found.items():
            if it["type"].lower() == standin.GROUPS:
                continue
            spoiled = {k: v for k, v in found.items() if k != key}
            if not differences(expected, spoiled):
                self.wrong(f"nobody misses {key}")
            for path, value in scalars(it["body"]):
                if path in ADDED.get(it["type"].lower(), {}) or "traffic" in path or path == "name":
                    continue
                other = copy.deepcopy(found)
                replace(other[key]["body"], path, f"not {value}")
                if not differences(expected, other):
                    self.wrong(f"nobody sees {path} of {key} changed")

    def changes_nothing_the_second_time(self):
        before, seen = self.azure.state(), len(self.azure.log)
        if not self.deploys("the second"):
            return
        for it in self.azure.log[seen:]:
            if it["method"] == "DELETE" or it.get("changes"):
                self.wrong(f"the second deploy.sh changed {it['path']} with {it['method']}")
        if self.azure.state() != before:
            self.wrong("the second deploy.sh left something else")

    def asks_before_it_deletes(self):
        for code, out in [self.run("teardown.sh"), self.run_typing("teardown.sh", "y\n")]:
            if code == 0 or self.requests("DELETE"):
                self.wrong(f"teardown.sh did not ask: {code}, {tail(out)}")

    def says_when_it_cannot_look(self):
        """Somebody who may neither read nor delete is not told that all is gone."""
        before = self.azure.state()
        self.azure.forbids = lambda request: request.method in ("GET", "DELETE") and "/resourcegroups/" in request.path.lower()
        code, out = self.run("teardown.sh", "--yes")
        self.azure.forbids = lambda request: False
        if code == 0 or "gone" in out or "Done" in out or self.azure.state() != before:
            self.wrong(f"teardown.sh took a refusal for success: {code}, {tail(out)}")

    def leaves_nothing(self, typing):
        if typing:
            code, out = self.run_typing("teardown.sh", "yes\n")
        else:
            code, out = self.run("teardown.sh", "--yes")
        if code != 0 or "\nDone.\n" not in out:
            self.wrong(f"teardown.sh ended with {code}: {tail(out)}")
        for it in self.azure.state().values():
            self.wrong(f"teardown.sh left {it['type']} {it['name']}")
        for it in self.azure.deleted_vaults:
            if not re.search(rf"^Stays: .*{re.escape(it['name'])}", out, re.MULTILINE):
                self.wrong(f"teardown.sh does not say that the name {it['name']} stays taken")

    def minds_deleted_vaults(self):
        if not self.azure.deleted_vaults:
            return
        before = len(self.requests("PUT"))
        code, out = self.run("deploy.sh")
        if code == 0 or "a deleted vault has the name" not in out or len(self.requests("PUT")) > before:
            self.wrong(f"deploy.sh overlooked a deleted vault: {code}, {tail(out)}")

    def left_no_file(self):
        kept = {"azure", "bin", "calls", "client", ".azure"}
        for it in self.home.iterdir():
            if it.name not in kept and it.suffix != ".pem":
                self.wrong(f"a script left the file {it.name}")


def answers(scripts):
    """A value for everything that the scripts ask for."""
    values = {}
    for name, form in re.findall(r"^ *ask (\w+) .* (guid|text|secret)$", scripts, re.MULTILINE):
        values[name] = standin.guid_of(name) if form == "guid" else f"a \"value\" for '{name}' \\ $(x) \u65e5\u672c"
    return values


def commands(home, az):
    """Puts `az` there, and a `sleep` that does not: the stand-in needs no time."""
    (home / "bin").mkdir()
    texts = {"az": f'#!/bin/sh\necho "$1" >>"$CALLS"\nexec {az} "$@"\n', "sleep": "#!/bin/sh\n"}
    for name, text in texts.items():
        file = home / "bin" / name
        file.write_text(text)
        file.chmod(0o755)


def variable(name):
    """`objectIdOfAna` as scripts ask for it: `OBJECT_ID_OF_ANA`."""
    return re.sub(r"([A-Z])", r"_\1", name).upper()


def tail(out):
    return " | ".join(out.strip().splitlines()[-6:])


def scalars(value, path=""):
    if isinstance(value, dict):
        for name, it in value.items():
            yield from scalars(it, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for n, it in enumerate(value):
            yield from scalars(it, f"{path}[{n}]")
    else:
        yield path, value


def replace(body, path, value):
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    *outer, last = [int(n) if n else name for n, name in steps]
    for step in outer:
        body = body[step]
    body[last] = value


def differences(expected, found):
    """What is not the same in two states, a sentence each."""
    for key in expected.keys() - found.keys():
        yield_missing = f"the template has {expected[key]['type']} {key}, the script did not create it"
        yield yield_missing
    for key in found.keys() - expected.keys():
        yield f"the script created {found[key]['type']} {key}, which the template does not have"
    for key in expected.keys() & found.keys():
        wanted, got = expected[key], found[key]
        for what in ("type", "name"):
            if wanted[what] != got[what] and wanted["type"]:
                yield f"{key}: {what} {got[what]}, not {wanted[what]}"
        yield from different(key, wanted, got)


def different(key, wanted, got):
    arm_type = wanted["type"].lower()
    of_template, of_script = dict(scalars_of(wanted["body"])), dict(scalars_of(got["body"]))
    # Some commands write the name once more.
    if of_script.get("name") == got["name"]:
        del of_script["name"]
    for path, value in ADDED.get(arm_type, {}).items():
        if path not in of_template and of_script.get(path) == value:
            del of_script[path]
    for path in sorted(of_template.keys() | of_script.keys()):
        a, b = of_template.get(path, "nothing"), of_script.get(path, "nothing")
        if a != b:
            yield f"{key}: {path} is {b!r}, in the template {a!r}"


def scalars_of(body):
    """Every value with its path; empty objects and lists count as values."""
    return [*scalars(body), *empty(body)]


def empty(value, path=""):
    if isinstance(value, dict):
        for name, it in value.items():
            yield from empty(it, f"{path}.{name}" if path else name)
        # No properties and none at all are the same.
        if not value and path not in ("", "properties"):
            yield path, "an empty object"
    elif isinstance(value, list):
        for n, it in enumerate(value):
            yield from empty(it, f"{path}[{n}]")
        if not value:
            yield path, "an empty list"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--interrupted", action="store_true")
    arguments.add_argument("--plain", action="store_true")
    given = arguments.parse_args()
    started = time.monotonic()
    home = Path(tempfile.mkdtemp(prefix="drawbridge-az-"))
    try:
        it = Topology(given.folder.resolve(), home, given.plain)
        it.sign_in()
        it.foresees_a_deployment(of_new=True)
        if given.interrupted:
            it.stops_where_azure_refuses()
        if it.deploys("the first"):
            it.created_what_the_template_says()
            it.foresees_a_deployment(of_new=False)
            it.changes_nothing_the_second_time()
            it.asks_before_it_deletes()
            it.says_when_it_cannot_look()
            it.foresees("teardown.sh")
            it.leaves_nothing(typing=given.interrupted)
            it.minds_deleted_vaults()
        it.left_no_file()
        for what in it.azure.unknown + it.proxy.lost:
            it.wrong(f"no rule for {what}")
        calls = len((home / "calls").read_text().splitlines())
        it.close()
    finally:
        shutil.rmtree(home)
    for what in it.problems:
        print(f"  {what}")
    resources = sum(1 for entry in it.requests("PUT") if entry["status"] in (201, 202))
    took = time.monotonic() - started
    print(f"{given.folder.name}: {resources} resources created, {calls} calls of az, {took:.0f} s")
    return 1 if it.problems else 0


if __name__ == "__main__":
    sys.exit(main())
