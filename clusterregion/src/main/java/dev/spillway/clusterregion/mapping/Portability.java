package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a pod may not have that is to run in another cluster: whatever only a node of its own cluster could give it, and other pods' tokens. */
final class Portability {
    private static final List<String> OF_THE_HOST = List.of("hostNetwork", "hostPID", "hostIPC");
    private static final Set<String> VOLUMES =
            Set.of("emptyDir", "configMap", "secret", "projected", "downwardAPI", "image");
    private static final Set<String> SOURCES = Set.of("configMap", "secret", "downwardAPI", "serviceAccountToken");

    private static final int MOST_SHOWN = 300; // a name has 253 letters at most

    private final Set<String> inlineCsiDrivers;

    Portability(Set<String> inlineCsiDrivers) {
        this.inlineCsiDrivers = inlineCsiDrivers;
    }

    /** The first obstacle, as one line that names the field, says why and what to do; null where there is none. */
    @Nullable
    String problem(JsonNode spec) {
        for (var field : OF_THE_HOST) {
            if (spec.path(field).asBoolean()) {
                return "spec.%s: a pod in another cluster cannot share a node of this one; take it out."
                        .formatted(field);
            }
        }
        if (!spec.path("resourceClaims").isEmpty()) {
            return "spec.resourceClaims: devices that this cluster allocates are on its own nodes; take them out.";
        }
        if (spec.at("/securityContext/windowsOptions/hostProcess").asBoolean()) {
            return privileged("spec.securityContext.windowsOptions.hostProcess");
        }
        var inContainers = containersProblem(spec);
        return inContainers != null ? inContainers : volumesProblem(spec);
    }

    private static @Nullable String containersProblem(JsonNode spec) {
        for (var list : Trees.CONTAINERS) {
            int index = 0;
            for (var container : spec.path(list)) {
                var problem = containerProblem("spec.%s[%d]".formatted(list, index), container);
                if (problem != null) {
                    return problem;
                }
                index++;
            }
        }
        return null;
    }

    /** As {@link #problem}, of one container; those that are added later are judged alone. */
    static @Nullable String containerProblem(String path, JsonNode container) {
        if (container.at("/securityContext/privileged").asBoolean()) {
            return privileged(path + ".securityContext.privileged");
        }
        if (container.at("/securityContext/windowsOptions/hostProcess").asBoolean()) {
            return privileged(path + ".securityContext.windowsOptions.hostProcess");
        }
        int index = 0;
        for (var port : container.path("ports")) {
            if (port.path("hostPort").asInt() != 0) {
                return "%s.ports[%d].hostPort: nobody of this cluster would reach the port of a node elsewhere; take it out."
                        .formatted(path, index);
            }
            index++;
        }
        return null;
    }

    /**
     * As {@link #problem}, of what it names. It counts also where nothing is called so yet: a kubelet waits for a Secret, and would hand out the other
     * pod's tokens once they are there.
     */
    static @Nullable String problem(References references) {
        return references.optional().keySet().stream()
                .filter(Naming::isOfTokens)
                .findFirst()
                .map(reference ->
                        "%s: in a region such a name is for one pod's tokens alone; give the Secret another name."
                                .formatted(Trees.shown(reference.toString(), MOST_SHOWN)))
                .orElse(null);
    }

    private static String privileged(String field) {
        return field + ": a pod may not be given the nodes of another cluster; take it out.";
    }

    private @Nullable String volumesProblem(JsonNode spec) {
        int index = 0;
        for (var volume : spec.path("volumes")) {
            var problem = volumeProblem("spec.volumes[%d]".formatted(index), volume);
            if (problem != null) {
                return problem;
            }
            index++;
        }
        return null;
    }

    private @Nullable String volumeProblem(String path, JsonNode volume) {
        for (var field : volume.properties()) {
            var kind = field.getKey();
            if (kind.equals("name") || VOLUMES.contains(kind)) {
                continue;
            }
            if (!kind.equals("csi")) {
                return "%s.%s: such a volume stays in this cluster; use one of %s."
                        .formatted(
                                path,
                                kind,
                                String.join(", ", VOLUMES.stream().sorted().toList()));
            }
            var driver = field.getValue().path("driver").asText();
            if (!inlineCsiDrivers.contains(driver)) {
                return "%s.csi.driver: the region is not known to have the driver %s; add it to the Region's inlineCsiDrivers."
                        .formatted(path, Trees.shown(driver));
            }
        }
        return sourcesProblem(path, volume.at("/projected/sources"));
    }

    private static @Nullable String sourcesProblem(String path, JsonNode sources) {
        int index = 0;
        for (var source : sources) {
            for (var field : source.properties()) {
                if (!SOURCES.contains(field.getKey())) {
                    return "%s.projected.sources[%d].%s: only this cluster could issue it; take it out."
                            .formatted(path, index, field.getKey());
                }
            }
            index++;
        }
        return null;
    }
}
