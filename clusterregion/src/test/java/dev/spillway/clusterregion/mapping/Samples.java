package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.settings.ClusterRegionSettings;
import dev.spillway.clusterregion.settings.RegistryRule;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Files of the mapping's tests, and what is asked for in them. */
final class Samples {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String CLUSTER = "c0ffee00-0000-4000-8000-000000000001";
    static final RegionId REGION = new RegionId("region-b");
    static final Token TOKEN = new Token("0123456789abcdef".repeat(4));
    static final Offer CPU = offer("general-purpose", "default", "");

    static final ClusterRegionSettings DEFAULT = ClusterRegionSettings.DEFAULT;
    static final ClusterRegionSettings RICH = new ClusterRegionSettings(
            "spillway-",
            List.of(
                    new RegistryRule("docker.io/library/", "mirror.example/hub/"),
                    new RegistryRule("docker.io/", "mirror.example/all/")),
            Map.of("L20", Map.of("gpu.example/model", "l20"), "A10", Map.of()),
            "zone.example/id",
            Map.of("gvisor", "sandboxed"),
            Set.of("secrets.example"),
            false,
            "10.0.0.1:6443",
            new Resources(1, 1, 1));
    static final ClusterRegionSettings ACS = new ClusterRegionSettings(
            "spillway-",
            List.of(),
            Map.of(),
            "topology.kubernetes.io/zone",
            Map.of(),
            Set.of(),
            true,
            "",
            new Resources(1, 1, 1));

    private Samples() {}

    static Offer offer(String computeClass, String computeQos, String gpuModel) {
        return new Offer(REGION, new ZoneId("region-b-1"), computeClass, computeQos, gpuModel, false);
    }

    static ClusterRegionSettings settings(String name) {
        return switch (name) {
            case "default" -> DEFAULT;
            case "rich" -> RICH;
            default -> throw new IllegalArgumentException(name);
        };
    }

    static JsonNode file(String name) {
        try (var in = Samples.class.getResourceAsStream("/mapping/" + name)) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The plain pod, changed by a merge patch (RFC 7386). */
    static JsonNode home(JsonNode patch) {
        var home = file("plain.home.json").deepCopy();
        merge((ObjectNode) home, patch);
        return home;
    }

    static void merge(ObjectNode target, JsonNode patch) {
        for (var field : patch.properties()) {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue().isObject() && target.get(field.getKey()) instanceof ObjectNode inner) {
                merge(inner, field.getValue());
            } else {
                target.set(field.getKey(), field.getValue());
            }
        }
    }

    static Tags tags(JsonNode home, Offer offer) {
        var metadata = home.path("metadata");
        return new Tags(
                CLUSTER,
                new PodUid(metadata.path("uid").asText()),
                new PodKey(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText()),
                offer,
                "cheap-first",
                3,
                2,
                1);
    }

    static AcquireRequest request(JsonNode home, Offer offer) {
        return new AcquireRequest(TOKEN, tags(home, offer), Resources.NONE, List.of(), PodSpec.RestartPolicy.ALWAYS);
    }

    static Mapped map(JsonNode home, Offer offer, ClusterRegionSettings settings) {
        return new PodMapping(settings).map(home, request(home, offer));
    }
}
