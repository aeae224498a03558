"""Whether docker-compose.yml is sound in each of its set-ups: `docker-compose config`, and rules of our own."""

import functools
import os
import pathlib
import shutil
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = {"case-routing", "points", "notifications", "report-intake", "portal"}
SETUPS = {
    "one-broker": {"kafka", "s3", "s3-bucket", "s3-folder"},
    "three-brokers": {"kafka-1", "kafka-2", "kafka-3", "s3", "s3-bucket", "s3-folder"},
    "own-cluster": set(),
}


def compose(setup, *arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KAFKA_", "S3_", "EDGE_", "COMPOSE_"))}
    return subprocess.run(
        ["docker-compose", "--project-directory", ROOT, "--file", ROOT / "docker-compose.yml",
         "--env-file", ROOT / f"deploy/compose/{setup}.env", *arguments],
        env=clean | environment, capture_output=True, text=True, check=False)


@functools.cache
def read(setup):
    result = compose(setup, "config", S3_SECRET="of-the-test")
    assert result.returncode == 0, result.stderr
    return yaml.safe_load(result.stdout)


@unittest.skipUnless(shutil.which("docker-compose"), "docker-compose is missing: docker-compose.yml was not checked")
class ComposeTests(unittest.TestCase):
    def read(self, setup):
        return read(setup)

    def started(self, setup):
        profiles = self.profiles(setup)
        return {name: service for name, service in read(setup)["services"].items()
                if not service.get("profiles") or profiles & set(service["profiles"])}

    @staticmethod
    def profiles(setup):
        lines = (ROOT / f"deploy/compose/{setup}.env").read_text().splitlines()
        said = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        return set(filter(None, said["COMPOSE_PROFILES"].split(",")))

    def test_each_setup_starts_what_it_says(self):
        always = OURS | {"topics", "edge"}
        for setup, also in SETUPS.items():
            with self.subTest(setup):
                self.assertEqual(set(self.started(setup)), always | also)

    def test_a_missing_secret_is_named(self):
        result = compose("one-broker", "config")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("S3_SECRET", result.stderr)

    def test_services_can_be_scaled(self):
        for name, service in self.started("three-brokers").items():
            if name in OURS:
                with self.subTest(name):
                    self.assertNotIn("container_name", service)
                    self.assertNotIn("ports", service)
                    self.assertNotIn("hostname", service)
                    self.assertEqual(service["environment"]["SUISHOUPAI_REPLICA"], "lowest-free")

    def test_every_container_is_held_in(self):
        everything = self.read("three-brokers")["services"]
        for name, service in everything.items():
            with self.subTest(name):
                self.assertTrue(service["read_only"])
                self.assertRegex(service["user"], r"^[1-9]\d*:[1-9]\d*$")
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertIn("no-new-privileges:true", service["security_opt"])
                self.assertIn("mem_limit", service)
                self.assertIn("cpus", service)
                self.assertNotIn("privileged", service)

    def test_what_stays_up_is_watched(self):
        for name, service in self.read("three-brokers")["services"].items():
            if service.get("restart") == "unless-stopped":
                with self.subTest(name):
                    self.assertTrue(service["healthcheck"]["test"])

    def test_only_the_edge_is_reached_from_elsewhere(self):
        for name, service in self.started("three-brokers").items():
            with self.subTest(name):
                self.assertEqual("ports" in service, name == "edge")

    def test_three_brokers_keep_what_was_acknowledged(self):
        for name, service in self.started("three-brokers").items():
            if name.startswith("kafka"):
                with self.subTest(name):
                    environment = service["environment"]
                    self.assertEqual(environment["KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE"], "false")
                    self.assertEqual(environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"], "false")
                    self.assertEqual(int(environment["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"]), 3)
                    self.assertEqual(len(environment["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(",")), 3)
                    self.assertEqual(len(service["volumes"]), 1)

    def test_images_of_others_are_pinned(self):
        for name, service in self.read("three-brokers")["services"].items():
            image = service["image"]
            if not image.startswith("suishoupai"):
                with self.subTest(name):
                    self.assertRegex(image, r":[^:]*\d")


if __name__ == "__main__":
    unittest.main()
