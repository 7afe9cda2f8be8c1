package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.port.WriteAnswer;
import java.util.function.Function;

/**
 * Reads an object and changes it under the version that was read, so that of two who do so at once one succeeds. Where something else
 * changed the object in between it is read and judged again, a few times.
 */
final class Revision {
    private static final int MOST_TRIES = 5;

    private Revision() {}

    /** What to do about an object that was read. */
    sealed interface Next<A> {
        /** Nothing. */
        record Answer<A>(A answer) implements Next<A> {}

        /** This merge patch, to which UID and version are added. */
        record Write<A>(ObjectNode patch) implements Next<A> {}
    }

    /**
     * The exchange.
     *
     * @param subresource of the object at {@code path} that is written, such as {@code /status}; empty for the object itself
     * @param judge decides on what was read
     * @param answer what a failed read, or a write, means
     */
    static <A> Exchange<A> of(
            String path, String subresource, Function<JsonNode, Next<A>> judge, Function<WriteAnswer, A> answer) {
        return attempt(path, subresource, judge, answer, 1);
    }

    private static <A> Exchange<A> attempt(
            String path,
            String subresource,
            Function<JsonNode, Next<A>> judge,
            Function<WriteAnswer, A> answer,
            int number) {
        return new Exchange.Ask<>(ApiRequest.get(path), found -> {
            if (!found.isSuccess()) {
                return Exchange.told(answer.apply(Answers.write(found)));
            }
            var object = Json.parse(found.body());
            return switch (judge.apply(object)) {
                case Next.Answer<A>(A told) -> Exchange.told(told);
                case Next.Write<A>(ObjectNode patch) ->
                    new Exchange.Ask<>(
                            ApiRequest.mergePatch(path + subresource, ofVersion(object, patch)), response -> {
                                var written = Answers.write(response);
                                return written instanceof WriteAnswer.Conflict && number < MOST_TRIES
                                        ? attempt(path, subresource, judge, answer, number + 1)
                                        : Exchange.told(answer.apply(written));
                            });
            };
        });
    }

    private static ObjectNode ofVersion(JsonNode object, ObjectNode patch) {
        var metadata = object.path("metadata");
        patch.withObject("/metadata")
                .put("uid", metadata.path("uid").asText())
                .put("resourceVersion", metadata.path("resourceVersion").asText());
        return patch;
    }
}
