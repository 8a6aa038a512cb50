"""deploy/kubernetes: two replicas on a PostgreSQL that is there already."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bot.cli.commands import sns_check
from bot.health import ALIVE, READY
from bot.settings import Settings
from tests.deploy.tools import DEPLOY, run

FOLDER = DEPLOY / "kubernetes"
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}


@pytest.fixture(scope="module")
def built() -> str:
    """What ``kubectl apply --kustomize`` would send."""
    return run("kubectl", "kustomize", FOLDER)


@pytest.fixture(scope="module")
def objects(built: str) -> dict[str, Any]:
    return {each["kind"]: each for each in yaml.safe_load_all(built)}


def pods(objects: dict[str, Any]) -> list[dict[str, Any]]:
    return [objects[kind]["spec"]["template"] for kind in ("Deployment", "Job")]


def environment(container: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in container["env"]}


def test_it_is_what_kubernetes_reads(built: str, tmp_path: Path) -> None:
    (tmp_path / "built.yaml").write_text(built, encoding="utf-8")
    run("kubernetes-validate", "--strict", tmp_path / "built.yaml")


def test_nothing_may_do_more_than_it_has_to(objects: dict[str, Any]) -> None:
    """The rules of the "restricted" Pod Security Standard, and what it leaves open."""
    assert objects["Namespace"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for pod in pods(objects):
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        (container,) = spec["containers"]
        security = container["securityContext"]
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert container["resources"]["limits"].keys() == container["resources"]["requests"].keys() == {"cpu", "memory"}


def test_it_runs_as_the_user_of_the_image(objects: dict[str, Any]) -> None:
    dockerfile = (DEPLOY.parent / "Dockerfile").read_text(encoding="utf-8")
    for pod in pods(objects):
        security = pod["spec"]["securityContext"]
        assert f"USER {security['runAsUser']}:{security['runAsGroup']}\n" in dockerfile
        assert security["fsGroup"] == security["runAsGroup"]


def test_probes_ask_what_there_is(objects: dict[str, Any]) -> None:
    (bot,) = objects["Deployment"]["spec"]["template"]["spec"]["containers"]
    asked = {name: bot[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == {"startupProbe": ALIVE, "livenessProbe": ALIVE, "readinessProbe": READY}
    assert str(bot["ports"][0]["containerPort"]) == environment(bot)["SNS_CHECK_PORT"]


def test_it_sets_what_the_bot_reads_and_secrets_are_only_named(objects: dict[str, Any]) -> None:
    given = {name for pod in pods(objects) for name in environment(pod["spec"]["containers"][0])}
    assert {name.removesuffix("_FILE") for name in given} | objects["ConfigMap"]["data"].keys() <= SETTINGS
    assert "Secret" not in objects
    for pod in pods(objects):
        (container,) = pod["spec"]["containers"]
        (mount,) = (each for each in container["volumeMounts"] if each["name"] == "secrets")
        files = [value for name, value in environment(container).items() if name.endswith("_FILE")]
        assert all(file.startswith(f"{mount['mountPath']}/") for file in files)


def test_kubernetes_itself_sets_nothing_that_the_bot_reads(objects: dict[str, Any]) -> None:
    """For each Service of a namespace, Kubernetes puts ``NAME_PORT=tcp://…`` and more into its pods unless told no."""
    prefix = objects["Service"]["metadata"]["name"].upper().replace("-", "_")
    assert f"{prefix}_PORT" in SETTINGS, "the reason for all this"
    assert [pod["spec"]["enableServiceLinks"] for pod in pods(objects)] == [False, False]


def test_the_schema_is_the_jobs_business_alone(objects: dict[str, Any]) -> None:
    (bot,) = objects["Deployment"]["spec"]["template"]["spec"]["containers"]
    (migration,) = objects["Job"]["spec"]["template"]["spec"]["containers"]
    assert environment(bot)["SNS_CHECK_AUTO_MIGRATE"] == "false"
    group, command = migration["args"]
    migrations = sns_check.get_command(click.Context(sns_check), group)
    assert isinstance(migrations, click.Group)
    assert command in migrations.commands
    assert bot["image"] == migration["image"]


def test_a_replica_is_always_there_and_is_let_finish(objects: dict[str, Any]) -> None:
    deployment = objects["Deployment"]["spec"]
    assert deployment["replicas"] == 2
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert objects["PodDisruptionBudget"]["spec"]["minAvailable"] == 1
    grace = deployment["template"]["spec"]["terminationGracePeriodSeconds"]
    assert grace > Settings.model_fields["drain_seconds"].default


def test_everything_that_selects_pods_selects_ours(objects: dict[str, Any]) -> None:
    labels = objects["Deployment"]["spec"]["template"]["metadata"]["labels"]
    selectors = [
        objects["Deployment"]["spec"]["selector"]["matchLabels"],
        objects["Service"]["spec"]["selector"],
        objects["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        objects["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ]
    assert all(selector.items() <= labels.items() for selector in selectors)
    migration = objects["Job"]["spec"]["template"]["metadata"]["labels"]
    assert [selector.items() <= migration.items() for selector in selectors] == [False, False, False, True]


def test_only_what_is_needed_gets_in_and_out(objects: dict[str, Any]) -> None:
    policy = objects["NetworkPolicy"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {53, 5432, 443}
    assert all(rule.get("from") for rule in policy["ingress"]), json.dumps(policy["ingress"])
