package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.tree.Trees;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the deletion of a pod costs, as its owner is told in an annotation.
 *
 * <p>Rules: kubernetes {@code pkg/apis/core/helper/helpers.go}, GetDeletionCostFromPodAnnotations.
 */
public final class DeletionCost {

    private static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

    /** What follows a minus may begin with a zero, a number without one may not. */
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]*|-[0-9]+");

    private DeletionCost() {}

    /** The cost of a pod; 0 where it names none, or one that is no number. */
    public static int of(JsonNode pod) {
        JsonNode text = Trees.at(pod, "metadata", "annotations", ANNOTATION);
        return ofText(text == null ? null : text.asText());
    }

    /** The cost that the annotation's text means, null where there is none. */
    public static int ofText(@Nullable String text) {
        Integer cost = text == null ? null : parse(text);
        return cost == null ? 0 : cost;
    }

    /**
     * The annotations of a pod or of a template.
     *
     * @param field where a mistake is said to be
     */
    static void validate(JsonNode podOrTemplate, String field, Causes causes) {
        JsonNode text = Trees.at(podOrTemplate, "metadata", "annotations", ANNOTATION);
        if (text != null && parse(text.asText()) == null) {
            causes.invalid(field + "[" + ANNOTATION + "]", text.asText(), "must be a 32bit integer");
        }
    }

    private static @Nullable Integer parse(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return null;
        }
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }
}
