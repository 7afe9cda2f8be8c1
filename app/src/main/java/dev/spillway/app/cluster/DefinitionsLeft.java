package dev.spillway.app.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.Kind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The definitions of our kinds and the objects of those kinds, when Spillway goes. */
final class DefinitionsLeft {
    private static final long LONGEST_SECONDS = 30;

    private final Cluster cluster;

    DefinitionsLeft(Cluster cluster) {
        this.cluster = cluster;
    }

    private List<JsonNode> objects(Kind kind) {
        return cluster.list(kind.path(), "list " + Objects.requireNonNull(kind.definition()));
    }

    private static List<Kind> kinds() {
        return Stream.of(Kind.values())
                .filter(kind -> kind.definition() != null)
                .toList();
    }

    private boolean isThere(Manifest definition) {
        return cluster.send(ApiRequest.get(definition.path())).isSuccess();
    }

    /** What there is, one line for each kind; nothing where its definition is not there. */
    List<String> told() {
        return kinds().stream()
                .filter(kind -> Installation.definitions().stream()
                        .anyMatch(definition -> definition.name().equals(kind.definition()) && isThere(definition)))
                .map(kind -> "CustomResourceDefinition %s, with %d %s"
                        .formatted(
                                kind.definition(),
                                objects(kind).size(),
                                objects(kind).size() == 1 ? "object" : "objects"))
                .toList();
    }

    /** Ours have no finalizers, so that one is somebody else's, and a definition would wait for it for ever. */
    Optional<String> thoseThatWouldHang() {
        for (var kind : kinds()) {
            for (var object : objects(kind)) {
                var metadata = object.path("metadata");
                if (!metadata.path("finalizers").isEmpty()) {
                    return Optional.of(
                            "%s %s has the finalizer %s, which Spillway did not set: whoever did must take it off, else the definition would never go."
                                    .formatted(
                                            kind.singular(),
                                            metadata.path("name").asText(),
                                            metadata.path("finalizers").path(0).asText()));
                }
            }
        }
        return Optional.empty();
    }

    /** Instances outlast pods that were deleted by force, and a Region is all by which a controller finds them. */
    Optional<String> thoseWithInstances() {
        return objects(Kind.REGIONS).stream()
                .filter(region -> region.at("/status/instances").asInt() > 0)
                .findFirst()
                .map(region ->
                        ("Region %s has %d live instances of this cluster as of its status, and without it nobody could end them: have a controller"
                                        + " end them, or give them up by deleting the Region.")
                                .formatted(
                                        region.at("/metadata/name").asText(),
                                        region.at("/status/instances").asInt()));
    }

    /** Removes the definitions, and waits until they are gone. */
    void remove(boolean dryRun, Consumer<String> removed) {
        for (var definition : Installation.definitions()) {
            if (!isThere(definition)) {
                continue;
            }
            if (!dryRun) {
                cluster.required(
                        new ApiRequest("DELETE", definition.path(), "application/json", "{}"), "delete " + definition);
                await(definition);
            }
            removed.accept(definition.toString());
        }
    }

    private void await(Manifest definition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (isThere(definition)) {
            if (System.nanoTime() > end) {
                throw new ClusterException("%s is marked for deletion, and not gone after %d s: see its conditions."
                        .formatted(definition, LONGEST_SECONDS));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }
}
