package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;

/**
 * One number for what a kubelet tells of a pod: the same for the status that a region tells and for that of the home pod once it shows it, so that a
 * process which did not write it itself knows that nothing is to be written. The phase, which is the core's, and what only the home cluster says do not
 * count; nor does the order of fields and of conditions, nor what says nothing: null, an empty text, an empty object or list. Where two statuses
 * differ in the rest, so do their numbers (but for one in 2^64). Not thread-safe.
 */
public final class StatusDigest {
    /** Conditions that kubelets write; those of schedulers and of others are for whoever has them at home. */
    public static final Set<String> CONDITIONS = Set.of(
            "AllContainersRestarting",
            "ContainersReady",
            "DisruptionTarget",
            "Initialized",
            "PodReadyToStartContainers",
            "PodResizeInProgress",
            "PodResizePending",
            "Ready");

    /** What is told but phase and conditions; as {@link ToldStatus} puts it into a home pod's status. */
    private static final Set<String> FIELDS = Set.of(
            "observedGeneration",
            "startTime",
            "reason",
            "message",
            "hostIP",
            "hostIPs",
            "podIP",
            "podIPs",
            "initContainerStatuses",
            "containerStatuses",
            "ephemeralContainerStatuses",
            "allocatedResources",
            "resources");

    private long sum;

    /** That of a whole status; never 0. */
    public static long of(JsonNode status) {
        var digest = new StatusDigest();
        try (var parser = status.traverse()) {
            parser.nextToken();
            Walk.object(parser, field -> {
                if (field.equals("conditions")) {
                    Walk.list(parser, () -> digest.takeCondition(parser));
                } else {
                    digest.take(field, parser);
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException("A tree can be read without I/O.", e);
        }
        return digest.value();
    }

    /** Takes in a field of the status that is not {@code conditions}; the parser stands on its value. */
    void take(String field, JsonParser parser) throws IOException {
        if (FIELDS.contains(field)) {
            sum += pair(field, value(parser));
        } else {
            parser.skipChildren();
        }
    }

    private void takeCondition(JsonParser parser) throws IOException {
        var condition = new Condition();
        Walk.object(parser, field -> condition.take(field, Walk.text(parser)));
        take(condition);
    }

    /** Takes in a condition, unless it is not a kubelet's. */
    void take(Condition condition) {
        if (CONDITIONS.contains(condition.type)) {
            sum += pair("conditions", condition.sum);
        }
    }

    /** One condition, field by field. */
    static final class Condition {
        private String type = "";
        private long sum;

        void take(String field, String text) {
            type = field.equals("type") ? text : type;
            sum += pair(field, text(text));
        }
    }

    /** The number of all that was taken in; never 0. */
    long value() {
        return sum == 0 ? 1 : sum;
    }

    /** 0 for what says nothing. The parser stands on the first token and is left on the last. */
    private static long value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            var fields = new StatusDigest();
            Walk.object(parser, field -> fields.sum += pair(field, value(parser)));
            return fields.sum;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            var elements = new Object() {
                long hash;
            };
            Walk.list(parser, () -> elements.hash = mixed(elements.hash + 1) + mixed(value(parser)));
            return elements.hash;
        }
        return text(Walk.text(parser));
    }

    private static long pair(String field, long value) {
        return value == 0 ? 0 : mixed(text(field) + mixed(value));
    }

    /** FNV-1a, of 64 bits; 0 where it is empty. */
    private static long text(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** Each bit of the number changes half of all bits (the last steps of SplitMix64), so that sums of such numbers do not fall together. */
    private static long mixed(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
