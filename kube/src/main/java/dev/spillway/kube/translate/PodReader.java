package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.ReadinessGate;
import dev.spillway.core.step.Event;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one pod from a JSON stream. A whole pod is 25 KB and there are many, so no tree is built and most of it is skipped.
 * The API server has checked the form of every pod; what is odd all the same reads as absent.
 */
final class PodReader {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final JsonParser parser;
    private final EditDigest edits = new EditDigest();
    private final StatusDigest told = new StatusDigest();
    private String namespace = "";
    private String name = "";
    private String uid = "";
    private String version = "";
    private long createdSeconds;
    private long scheduledSeconds = Long.MAX_VALUE;
    private boolean deleting;
    private long generation;
    private @Nullable Owner controller;
    private Labels labels = Labels.empty();
    private Labels annotations = Labels.empty();
    private Pod.Phase phase = Pod.Phase.PENDING;
    private boolean ready;
    private final Map<String, String> conditions = new HashMap<>(); // status by type

    private PodReader(JsonParser parser) {
        this.parser = parser;
    }

    static Decoded read(JsonParser parser) throws IOException {
        return new PodReader(parser).read();
    }

    private Decoded read() throws IOException {
        var spec = new PodSpecReader(parser, edits);
        Walk.object(parser, field -> {
            switch (field) {
                case "metadata" -> Walk.object(parser, this::metadata);
                case "spec" -> spec.read();
                case "status" -> Walk.object(parser, this::status);
                default -> parser.skipChildren();
            }
        });
        takeGeneration();
        var pod = new Pod(
                new PodKey(namespace, name),
                new PodUid(uid),
                createdSeconds,
                scheduledSeconds,
                labels,
                annotations,
                spec.build(namespace, labels),
                spec.nodeName().isEmpty() ? null : new NodeName(spec.nodeName()),
                phase,
                deleting,
                spec.isGated(),
                controller,
                ready,
                gates(spec.readinessGates()),
                isTold() ? told.value() : 0);
        return new Decoded(namespace, name, uid, version, new Event.PodSeen(pod), edits.value());
    }

    /** An edit that was undone at once leaves only this behind; a deletion counts it up, too, and is no edit. */
    private void takeGeneration() {
        if (generation > 0 && !deleting) {
            edits.take(Long.toString(generation));
        }
    }

    private void metadata(String field) throws IOException {
        switch (field) {
            case "namespace" -> namespace = Walk.text(parser).intern();
            // Kept in several places, some of which do not see each change of the pod, so they would each have their
            // own.
            case "name" -> name = Walk.text(parser).intern();
            case "uid" -> uid = Walk.text(parser).intern();
            case "resourceVersion" -> version = Walk.text(parser);
            case "creationTimestamp" -> createdSeconds = Timestamps.epochSeconds(Walk.text(parser));
            case "generation" -> generation = Walk.number(parser, 0);
            case "deletionTimestamp" -> deleting = Walk.isPresent(parser);
            case "labels" -> {
                labels = Walk.pairs(parser, key -> true);
                labels.forEach((key, value) -> edits.take(field, key, value));
            }
            case "annotations" -> annotations();
            case "ownerReferences" -> Walk.list(parser, this::owner);
            default -> parser.skipChildren();
        }
    }

    private void annotations() throws IOException {
        var kept = new TreeMap<String, String>();
        Walk.object(parser, key -> {
            if (key.equals(LAST_APPLIED)) {
                parser.skipChildren();
                return;
            }
            var text = Walk.text(parser);
            edits.take("annotations", key, text);
            if (isKept(key)) {
                kept.put(key.intern(), text.intern());
            }
        });
        annotations = Labels.of(kept);
    }

    private void owner() throws IOException {
        var owner = new Object() {
            String apiVersion = "";
            String kind = "";
            String name = "";
            String uid = "";
            boolean controls;
        };
        Walk.object(parser, field -> {
            switch (field) {
                case "apiVersion" -> owner.apiVersion = Walk.text(parser).intern();
                case "kind" -> owner.kind = Walk.text(parser).intern();
                case "name" -> owner.name = Walk.text(parser);
                case "uid" -> owner.uid = Walk.text(parser);
                case "controller" -> owner.controls = Walk.flag(parser);
                default -> parser.skipChildren();
            }
        });
        if (owner.controls) {
            controller = new Owner(owner.apiVersion, owner.kind, owner.name, owner.uid);
        }
    }

    /** Whether the pod says that it runs in a region, which may tell its status; what API servers send has the annotations before the status. */
    private boolean isTold() {
        return !annotations.getOr(Names.INSTANCE_ID, "").isEmpty();
    }

    private void status(String field) throws IOException {
        switch (field) {
            case "phase" -> phase = phase(Walk.text(parser));
            case "conditions" -> Walk.list(parser, this::condition);
            default -> {
                if (isTold()) {
                    told.take(field, parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private void condition() throws IOException {
        var condition = new Object() {
            String type = "";
            String status = "";
            String since = "";
        };
        boolean isTold = isTold();
        var digest = new StatusDigest.Condition();
        Walk.object(parser, field -> {
            var text = Walk.text(parser);
            if (isTold) {
                digest.take(field, text);
            }
            switch (field) {
                case "type" -> condition.type = text;
                case "status" -> condition.status = text;
                case "lastTransitionTime" -> condition.since = text;
                default -> {}
            }
        });
        told.take(digest);
        conditions.put(condition.type, condition.status);
        boolean holds = condition.status.equals("True");
        ready |= holds && condition.type.equals("Ready");
        if (holds && condition.type.equals("PodScheduled")) {
            scheduledSeconds = Timestamps.epochSeconds(condition.since);
        }
    }

    private List<ReadinessGate> gates(List<String> types) {
        return types.stream()
                .map(type -> new ReadinessGate(
                        type, conditions.getOrDefault(type, "").intern()))
                .toList();
    }

    /** A unit may ask for any annotation of the pods that it counts, but kubectl's copy of the whole manifest is none of those. */
    private static boolean isKept(String key) {
        return !key.startsWith("kubectl.kubernetes.io/");
    }

    private static Pod.Phase phase(String text) {
        return switch (text) {
            case "Running" -> Pod.Phase.RUNNING;
            case "Succeeded" -> Pod.Phase.SUCCEEDED;
            case "Failed" -> Pod.Phase.FAILED;
            case "Unknown" -> Pod.Phase.UNKNOWN;
            default -> Pod.Phase.PENDING;
        };
    }
}
