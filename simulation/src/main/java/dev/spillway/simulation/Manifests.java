package dev.spillway.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Names;
import dev.spillway.core.step.Settings;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.Map;

/** The objects that users write, as JSON. */
final class Manifests {
    private Manifests() {}

    /**
     * One line of a policy.
     *
     * @param max negative for none
     */
    record UnitSpec(String region, String model, int max) {}

    static ObjectNode namespace(String name) {
        var object = Trees.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    static ObjectNode node(String name) {
        return namespace(name);
    }

    static ObjectNode region(String name, boolean isDefault, List<String> zones) {
        var object = custom("spillway.dev/v1alpha1", "Region");
        object.putObject("metadata").put("name", name);
        var spec = object.putObject("spec").put("default", isDefault);
        var list = spec.putArray("zones");
        zones.forEach(zone -> list.addObject().put("id", zone));
        spec.putObject("backend")
                .put("type", "Simulated")
                .put("endpoint", "http://127.0.0.1:8087")
                .put("requestTimeoutMillis", SimulatedCloud.TIMEOUT.toMillis());
        return object;
    }

    static ObjectNode policy(String namespace, String name, String app, List<UnitSpec> units) {
        var object = custom("scheduling.alibabacloud.com/v1alpha1", "ResourcePolicy");
        object.putObject("metadata").put("namespace", namespace).put("name", name);
        var spec = object.putObject("spec");
        spec.putObject("selector").put("app", app);
        spec.set("units", units(units));
        return object;
    }

    static ArrayNode units(List<UnitSpec> units) {
        var list = Trees.array();
        for (var unit : units) {
            var json = list.addObject().put("resource", "acs");
            json.putObject("nodeSelector").put(Names.REGION, unit.region()).put(Names.TYPE, Names.VIRTUAL_KUBELET);
            json.putObject("podLabels")
                    .put(Names.REGION_ID, unit.region())
                    .put(Names.COMPUTE_CLASS, "gpu")
                    .put(Names.COMPUTE_QOS, "default")
                    .put(Names.GPU_MODEL, unit.model());
            if (unit.max() >= 0) {
                json.put("max", unit.max());
            }
        }
        return list;
    }

    /** A pod of one container that names our scheduler. */
    static ObjectNode pod(String namespace, String name, Map<String, String> labels) {
        var object = Trees.object();
        var metadata = object.putObject("metadata").put("namespace", namespace).put("name", name);
        var pairs = metadata.putObject("labels");
        labels.forEach(pairs::put);
        var spec = object.putObject("spec").put("schedulerName", Settings.SCHEDULER_NAME);
        var container = spec.putArray("containers").addObject();
        container.put("name", "nginx").put("image", "nginx:stable-alpine");
        var limits = container.putObject("resources").putObject("limits");
        limits.put("cpu", "1").put("memory", "1Gi").put("nvidia.com/gpu", "1");
        return object;
    }

    static void annotate(ObjectNode pod, Map<String, String> annotations) {
        if (!annotations.isEmpty()) {
            var pairs = pod.withObject("/metadata/annotations");
            annotations.forEach(pairs::put);
        }
    }

    /** Has it tolerate for so many seconds that its node is taken for dead; for ever where that is negative. */
    static void tolerate(ObjectNode pod, long seconds) {
        var toleration = pod.withObject("/spec").withArray("tolerations").addObject();
        toleration.put("operator", "Exists").put("effect", "NoExecute");
        if (seconds >= 0) {
            toleration.put("tolerationSeconds", seconds);
        }
    }

    /** Makes it a pod of a controller of this kind and name. */
    static void own(ObjectNode pod, String kind, String set) {
        pod.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", kind)
                .put("name", set)
                .put("uid", "uid-of-" + set)
                .put("controller", true);
    }

    static ObjectNode binding(String name, String node) {
        var object = Trees.object();
        object.putObject("metadata").put("name", name);
        object.putObject("target").put("kind", "Node").put("name", node);
        return object;
    }

    private static ObjectNode custom(String apiVersion, String kind) {
        return Trees.object().put("apiVersion", apiVersion).put("kind", kind);
    }
}
