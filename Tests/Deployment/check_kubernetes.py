"""Whether deploy/kubernetes is sound: kustomize builds each overlay, the schemas of Kubernetes take it, and rules of our own."""

import functools
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import kubernetes_validate
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
OVERLAYS = {"one-zone": 2, "three-zones": 3}
PROCESSORS = {"case-routing", "points", "notifications"}
DOORS = {"report-intake", "portal"}
VERSION = "1.30"
SECRETS = {"keys", "kafka-ca", "s3", "oidc", "notify", "edge-tls", "kafka-suishoupai"} | {f"kafka-{name}" for name in PROCESSORS | DOORS}


@functools.cache
def built(overlay):
    result = subprocess.run(
        ["kubectl", "kustomize", ROOT / "deploy/kubernetes/overlays" / overlay], capture_output=True, text=True, check=True)
    return list(yaml.safe_load_all(result.stdout))


def named(overlay, kind):
    return {thing["metadata"]["name"]: thing for thing in built(overlay) if thing["kind"] == kind}


def pods(overlay):
    """The pod templates of everything that runs, by kind and name."""
    return {f"{thing['kind']}/{thing['metadata']['name']}": thing["spec"]["template"] for thing in built(overlay)
            if thing["kind"] in {"StatefulSet", "Deployment", "Job", "DaemonSet"}}


@unittest.skipUnless(shutil.which("kubectl"), "kubectl is missing: deploy/kubernetes was not checked")
class KubernetesTests(unittest.TestCase):
    def each(self):
        for overlay in OVERLAYS:
            with self.subTest(overlay):
                yield overlay

    def each_pod(self):
        for overlay in self.each():
            for name, template in pods(overlay).items():
                with self.subTest(name):
                    yield name, template["spec"]

    def test_kubernetes_knows_every_field(self):
        for overlay in self.each():
            for thing in built(overlay):
                with self.subTest(f"{thing['kind']}/{thing['metadata']['name']}"):
                    kubernetes_validate.validate(thing, VERSION, strict=True)

    def test_an_unknown_field_would_be_found(self):
        thing = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": {"replicaz": 1}}
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(thing, VERSION, strict=True)

    def test_processors_are_replaced_together_and_doors_one_by_one(self):
        for overlay in self.each():
            sets = named(overlay, "StatefulSet")
            self.assertEqual(set(sets), PROCESSORS | DOORS)
            for name, thing in sets.items():
                self.assertEqual(thing["spec"]["podManagementPolicy"], "Parallel")
                self.assertEqual(
                    thing["spec"]["updateStrategy"]["type"], "OnDelete" if name in PROCESSORS else "RollingUpdate")
                self.assertEqual(thing["spec"]["replicas"], OVERLAYS[overlay])
            self.assertEqual(set(named(overlay, "Deployment")), {"edge"})

    def test_a_store_keeps_its_name_and_its_volume(self):
        for overlay in self.each():
            for thing in named(overlay, "StatefulSet").values():
                container = thing["spec"]["template"]["spec"]["containers"][0]
                replica = next(entry for entry in container["env"] if entry["name"] == "SUISHOUPAI_REPLICA")
                self.assertEqual(replica["valueFrom"]["fieldRef"]["fieldPath"], "metadata.name")
                self.assertEqual([claim["metadata"]["name"] for claim in thing["spec"]["volumeClaimTemplates"]], ["data"])
                self.assertIn({"name": "data", "mountPath": "/data"}, container["volumeMounts"])

    def test_every_container_is_held_in(self):
        for _, pod in self.each_pod():
            self.assertTrue(pod["securityContext"]["runAsNonRoot"])
            self.assertGreaterEqual(pod["securityContext"]["runAsUser"], 10_000)
            self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertFalse(pod["automountServiceAccountToken"])
            self.assertFalse(pod["enableServiceLinks"])
            for container in pod["containers"] + pod.get("initContainers", []):
                context = container["securityContext"]
                self.assertTrue(context["readOnlyRootFilesystem"])
                self.assertFalse(context["allowPrivilegeEscalation"])
                self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                for bound in ("requests", "limits"):
                    self.assertEqual(set(container["resources"][bound]), {"cpu", "memory"})

    def test_what_stays_up_is_probed(self):
        for name, pod in self.each_pod():
            for container in pod["containers"]:
                if not name.startswith("Job/"):
                    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                        self.assertIn(probe, container)

    def test_secrets_are_only_referred_to(self):
        for overlay in self.each():
            self.assertEqual(named(overlay, "Secret"), {})
            referred = set()
            for template in pods(overlay).values():
                for volume in template["spec"].get("volumes", []):
                    if "secret" in volume:
                        referred.add(volume["secret"]["secretName"])
                for container in template["spec"]["containers"]:
                    referred |= {one["secretRef"]["name"] for one in container.get("envFrom", []) if "secretRef" in one}
                    for entry in container.get("env", []):
                        self.assertNotRegex(entry["name"], r"(?i)password|secret|token|key")
            self.assertEqual(referred, SECRETS)
            for thing in named(overlay, "ConfigMap").values():
                for name in thing["data"]:
                    self.assertNotRegex(name, r"(?i)password|secret")

    def test_what_is_mounted_is_there(self):
        for _, pod in self.each_pod():
            volumes = {volume["name"] for volume in pod.get("volumes", [])} | {"data"}
            for container in pod["containers"]:
                self.assertLessEqual({mount["name"] for mount in container["volumeMounts"]}, volumes)

    def test_nodes_can_be_emptied(self):
        for overlay in self.each():
            budgets = named(overlay, "PodDisruptionBudget")
            self.assertEqual(set(budgets), PROCESSORS | DOORS | {"edge"})
            labels = {pods(overlay)[name]["metadata"]["labels"]["app.kubernetes.io/name"] for name in pods(overlay)}
            for budget in budgets.values():
                self.assertEqual(budget["spec"]["maxUnavailable"], 1)
                self.assertIn(budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"], labels)

    def test_nobody_is_reached_who_need_not_be(self):
        for overlay in self.each():
            policies = named(overlay, "NetworkPolicy")
            self.assertEqual(policies["nothing"]["spec"], {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
            every_label = [template["metadata"]["labels"] for template in pods(overlay).values()]

            def chosen(selector):
                wanted = selector.get("matchLabels", {})
                return [labels for labels in every_label if wanted.items() <= labels.items()]

            open_doors = set()
            for policy in policies.values():
                self.assertTrue(chosen(policy["spec"]["podSelector"]), "a policy that chooses nobody")
                for rule in policy["spec"].get("ingress", []):
                    if not rule.get("from"):
                        open_doors |= {labels["app.kubernetes.io/name"] for labels in chosen(policy["spec"]["podSelector"])}
                    for source in rule.get("from", []):
                        if "podSelector" in source:
                            self.assertTrue(chosen(source["podSelector"]), "a rule for a sender that is not there")
            self.assertEqual(open_doors, {"edge"})

    def test_a_lost_zone_leaves_two_of_three(self):
        for name, pod in pods("three-zones").items():
            if not name.startswith("Job/"):
                (spread,) = pod["spec"]["topologySpreadConstraints"]
                self.assertEqual(
                    (spread["topologyKey"], spread["whenUnsatisfiable"], spread["maxSkew"]),
                    ("topology.kubernetes.io/zone", "DoNotSchedule", 1))

    def test_the_commands_are_programs_of_the_image(self):
        products = set(re.findall(r'\.executable\(name: "([^"]+)"', (ROOT / "Package.swift").read_text()))
        for name, pod in self.each_pod():
            for container in pod["containers"]:
                if container["name"] == "program":
                    self.assertIn(container["command"][0], products | {"make-topics"})


class KeyTests(unittest.TestCase):
    def test_every_key_of_the_programs_is_made(self):
        source = (ROOT / "Shared/ServiceKit/Identity/DataFolderKey.swift").read_text()
        wanted = set(re.findall(r'"([a-z0-9-]+\.key)"', source))
        self.assertGreater(len(wanted), 5)
        with tempfile.TemporaryDirectory() as folder:
            keys = pathlib.Path(folder) / "keys"
            for _ in range(2):
                subprocess.run([ROOT / "deploy/make-keys", keys], check=True)
            made = {file.name: file.read_text() for file in keys.iterdir()}
            self.assertEqual(set(made), wanted)
            self.assertEqual(len(set(made.values())), len(wanted))
            for file in keys.iterdir():
                self.assertRegex(file.read_text(), r"^[A-Za-z0-9_-]{43}$")
                self.assertEqual(file.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
