package dev.spillway.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.embedded.schema.Structural.Junctions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges by allOf, anyOf, oneOf and not. Rules: kube-openapi {@code pkg/validation/validate/schema_props.go}. */
final class Alternatives {

    /** Judges a value by one of the schemas. */
    @FunctionalInterface
    interface Judge {
        Outcome judge(Structural schema, JsonNode value);
    }

    private final String base;
    private final Judge judge;

    Alternatives(String base, Judge judge) {
        this.base = base;
        this.judge = judge;
    }

    void check(Junctions junctions, String path, JsonNode value, Outcome outcome) {
        if (!junctions.anyOf().isEmpty()) {
            checkAnyOf(junctions.anyOf(), path, value, outcome);
        }
        if (!junctions.oneOf().isEmpty()) {
            checkOneOf(junctions.oneOf(), path, value, outcome);
        }
        if (!junctions.allOf().isEmpty()) {
            checkAllOf(junctions.allOf(), path, value, outcome);
        }
        if (junctions.not() != null && judge.judge(junctions.not(), value).isGood()) {
            say("%s must not validate the schema (not)".formatted(GoText.quoted(path)), outcome);
        }
        outcome.count();
    }

    private void checkAnyOf(List<Structural> schemas, String path, JsonNode value, Outcome outcome) {
        Outcome nearest = null;
        for (Structural schema : schemas) {
            Outcome one = judge.judge(schema, value);
            if (one.isGood()) {
                outcome.merge(one);
                return;
            }
            nearest = nearer(nearest, one);
        }
        say("%s must validate at least one schema (anyOf)".formatted(GoText.quoted(path)), outcome);
        if (nearest != null) {
            outcome.merge(nearest);
        }
    }

    private void checkOneOf(List<Structural> schemas, String path, JsonNode value, Outcome outcome) {
        Outcome nearest = null;
        Outcome first = null;
        int good = 0;
        for (Structural schema : schemas) {
            Outcome one = judge.judge(schema, value);
            if (one.isGood()) {
                good++;
                nearest = null;
                first = first == null ? one : first;
            } else if (good == 0) {
                nearest = nearer(nearest, one);
            }
        }
        if (good == 1 && first != null) {
            outcome.merge(first);
            return;
        }
        String found = good == 0 ? "Found none valid" : "Found %d valid alternatives".formatted(good);
        String text = "%s must validate one and only one schema (oneOf). %s".formatted(GoText.quoted(path), found);
        say(text, outcome);
        if (nearest != null) {
            outcome.merge(nearest);
        }
    }

    private void checkAllOf(List<Structural> schemas, String path, JsonNode value, Outcome outcome) {
        int good = 0;
        for (Structural schema : schemas) {
            Outcome one = judge.judge(schema, value);
            good += one.isGood() ? 1 : 0;
            outcome.merge(one);
        }
        if (good < schemas.size()) {
            String none = good == 0 ? ". None validated" : "";
            say("%s must validate all the schemas (allOf)%s".formatted(GoText.quoted(path), none), outcome);
        }
    }

    private void say(String text, Outcome outcome) {
        outcome.add(FieldErrors.invalid(StructuralValidation.field(base, ""), "", text));
    }

    private static Outcome nearer(@Nullable Outcome nearest, Outcome one) {
        return nearest == null || one.checks() > nearest.checks() ? one : nearest;
    }
}
