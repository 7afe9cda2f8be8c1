"""What an operator's script does with the Kubernetes client for Python; each step prints a line. Arguments: a namespace, and the simulated regions' URL."""

import sys

from kubernetes import client, config, dynamic, watch

namespace, endpoint = sys.argv[1:]
config.load_kube_config()
objects = client.CustomObjectsApi()
core = client.CoreV1Api()

REGIONS = {"group": "spillway.dev", "version": "v1alpha1", "plural": "regions"}
POLICIES = {"group": "scheduling.alibabacloud.com", "version": "v1alpha1", "plural": "resourcepolicies", "namespace": namespace}


def is_true(of, type):
    return any(c["type"] == type and c["status"] == "True" for c in of.get("status", {}).get("conditions", []))


region = {
    "apiVersion": "spillway.dev/v1alpha1",
    "kind": "Region",
    "metadata": {"name": "snake"},
    "spec": {
        "zones": [{"id": "snake-a"}],
        "offers": [{"computeClass": "gpu", "gpuModel": "L20"}],
        "backend": {
            "type": "Simulated",
            "endpoint": endpoint,
            "simulated": {"stock": [{"gpuModel": "L20", "script": {"constant": 3}}]},
        },
    },
}
created = objects.create_cluster_custom_object(body=region, **REGIONS)
print("created", created["kind"], created["metadata"]["name"])

for event in watch.Watch().stream(objects.list_cluster_custom_object, timeout_seconds=60, **REGIONS):
    if event["object"]["metadata"]["name"] == "snake" and is_true(event["object"], "Ready"):
        print("watched until Ready")
        break

# The discovering client, and server-side apply.
discovered = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version=POLICIES["group"] + "/v1alpha1", kind="ResourcePolicy")
policy = {
    "apiVersion": "scheduling.alibabacloud.com/v1alpha1",
    "kind": "ResourcePolicy",
    "metadata": {"name": "snake", "namespace": namespace},
    "spec": {
        "selector": {"app": "snake"},
        "strategy": "required",
        "units": [
            {
                "resource": "acs",
                "nodeSelector": {"topology.kubernetes.io/region": "snake", "type": "virtual-kubelet"},
                "podLabels": {
                    "alibabacloud.com/serverless-region-id": "snake",
                    "alibabacloud.com/compute-class": "gpu",
                    "alibabacloud.com/gpu-model-series": "L20",
                },
            }
        ],
    },
}
applied = discovered.server_side_apply(body=policy, namespace=namespace, field_manager="script")
print("applied", applied.kind, applied.metadata.name, applied.spec.units[0].resource)

pod = client.V1Pod(
    metadata=client.V1ObjectMeta(name="snake", labels={"app": "snake"}),
    spec=client.V1PodSpec(scheduler_name="ack-co-scheduler", containers=[client.V1Container(name="main", image="nginx")]),
)
core.create_namespaced_pod(namespace, pod)
for event in watch.Watch().stream(core.list_namespaced_pod, namespace, timeout_seconds=60):
    if event["object"].status.phase == "Running":
        print("runs on", event["object"].spec.node_name)
        break

# Its models refuse what lacks a required field, so each status of ours is whole.
node = core.read_node("virtual-kubelet-snake-a")
print("node", [c.status for c in node.status.conditions if c.type == "Ready"][0], node.status.node_info.operating_system)
placed = core.read_namespaced_pod("snake", namespace)
print("container", placed.status.container_statuses[0].name, "ready", placed.status.container_statuses[0].ready)

changed = objects.patch_namespaced_custom_object(name="snake", body={"spec": {"selector": {"app": "other"}}}, **POLICIES)
print("patched", changed["spec"]["selector"])
for event in watch.Watch().stream(objects.list_namespaced_custom_object, timeout_seconds=60, **POLICIES):
    if event["object"].get("status", {}).get("observedGeneration") == changed["metadata"]["generation"]:
        print("watched until judged")
        break

core.delete_namespaced_pod("snake", namespace)
objects.delete_namespaced_custom_object(name="snake", **POLICIES)
objects.delete_cluster_custom_object(name="snake", **REGIONS)
print("deleted")
