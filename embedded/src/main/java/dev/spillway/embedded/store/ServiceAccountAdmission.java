package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.rules.TypeRules;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each new pod a service account, which must exist, and the volume by which it would reach the API.
 *
 * <p>Rules: kubernetes {@code plugin/pkg/admission/serviceaccount/admission.go}.
 */
final class ServiceAccountAdmission {

    private static final String DEFAULT = "default";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final int TOKEN_SECONDS = 3_607;
    private static final int FILE_MODE = 0_644;

    private final TypeRules.Lookup lookup;
    private final Identities identities;

    ServiceAccountAdmission(TypeRules.Lookup lookup, Identities identities) {
        this.lookup = lookup;
        this.identities = identities;
    }

    void admit(ObjectNode pod) {
        ObjectNode spec = Trees.writable(pod, "spec");
        String given = Trees.text(spec, "serviceAccountName");
        String name = given == null || given.isEmpty() ? DEFAULT : given;
        ObjectNode account = lookup.find(ResourceType.SERVICE_ACCOUNTS, Trees.text(pod, "metadata", "namespace"), name);
        if (account == null) {
            throw refusal(pod, name);
        }
        // Two fields of old and new times, which the API keeps equal.
        spec.put("serviceAccountName", name).put("serviceAccount", name);
        if (mounts(spec.get("automountServiceAccountToken"))
                && (spec.has("automountServiceAccountToken") || mounts(account.get("automountServiceAccountToken")))) {
            mount(spec);
        }
    }

    private static Failure refusal(ObjectNode pod, String name) {
        String namespace = Trees.text(pod, "metadata", "namespace");
        String podName = Trees.text(pod, "metadata", "name");
        return Failure.forbidden(
                ResourceType.PODS,
                podName == null ? "" : podName,
                "error looking up service account %s/%s: serviceaccount \"%s\" not found"
                        .formatted(namespace, name, name));
    }

    private static boolean mounts(@Nullable JsonNode flag) {
        return flag == null || flag.isNull() || flag.asBoolean();
    }

    private void mount(ObjectNode spec) {
        String volume = VOLUME_PREFIX + identities.suffix();
        boolean used = false;
        for (String list : List.of("initContainers", "containers")) {
            ArrayNode containers = Trees.array();
            for (JsonNode container : Trees.elements(spec, list)) {
                boolean hasOne = false;
                for (JsonNode mount : Trees.elements(container, "volumeMounts")) {
                    hasOne |= mount.path("mountPath").asText().equals(MOUNT_PATH);
                }
                containers.add(hasOne || !container.isObject() ? container : withMount((ObjectNode) container, volume));
                used |= !hasOne;
            }
            if (!containers.isEmpty()) {
                spec.set(list, containers);
            }
        }
        if (used) {
            ArrayNode volumes = Trees.array();
            Trees.elements(spec, "volumes").forEach(volumes::add);
            volumes.add(volume(volume));
            spec.set("volumes", volumes);
        }
    }

    private static ObjectNode withMount(ObjectNode container, String volume) {
        ObjectNode next = Trees.thaw(container);
        ArrayNode mounts = Trees.array();
        Trees.elements(container, "volumeMounts").forEach(mounts::add);
        mounts.addObject().put("name", volume).put("readOnly", true).put("mountPath", MOUNT_PATH);
        next.set("volumeMounts", mounts);
        return next;
    }

    private static ObjectNode volume(String name) {
        ObjectNode volume = Trees.object().put("name", name);
        ObjectNode projected = volume.putObject("projected");
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode namespace = sources.addObject()
                .putObject("downwardAPI")
                .putArray("items")
                .addObject()
                .put("path", "namespace");
        namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", FILE_MODE);
        return volume;
    }
}
