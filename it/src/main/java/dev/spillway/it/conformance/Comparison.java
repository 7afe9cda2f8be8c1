package dev.spillway.it.conformance;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of each spec of the list, directly and through the home cluster. */
record Comparison(List<Row> rows) {

    /** How a spec counts. */
    enum Verdict {
        /** Passes both ways. */
        PASSED,
        /** Passes directly and not through the home cluster. */
        FAILED,
        /** Fails directly already, so that it says nothing. */
        FAILS_DIRECTLY,
        /** Not run, for the reason that the list gives. */
        EXCLUDED,
        /** The suite has no spec of that name. */
        UNKNOWN
    }

    /** One spec; {@code reason} says in one line why it is neither passed nor failed, or how it failed. */
    record Row(String spec, Verdict verdict, String reason) {
        String directly() {
            return switch (verdict) {
                case PASSED, FAILED -> "passes";
                case FAILS_DIRECTLY -> "fails";
                case EXCLUDED, UNKNOWN -> "";
            };
        }

        String through() {
            return switch (verdict) {
                case PASSED -> "passes";
                case FAILED -> "**fails**";
                case FAILS_DIRECTLY, EXCLUDED, UNKNOWN -> "";
            };
        }
    }

    static Comparison of(
            List<Spec> specs, Map<String, SuiteRun.Result> directly, Map<String, SuiteRun.Result> through) {
        return new Comparison(specs.stream()
                .map(spec -> row(
                        spec,
                        Optional.ofNullable(directly.get(spec.name())),
                        Optional.ofNullable(through.get(spec.name()))))
                .toList());
    }

    private static Row row(Spec spec, Optional<SuiteRun.Result> directly, Optional<SuiteRun.Result> through) {
        if (!spec.isRun()) {
            return new Row(spec.name(), Verdict.EXCLUDED, spec.notRun());
        }
        if (directly.isEmpty()) {
            return new Row(spec.name(), Verdict.UNKNOWN, "the suite has no such spec");
        }
        if (!directly.get().passed()) {
            return new Row(spec.name(), Verdict.FAILS_DIRECTLY, directly.get().failure());
        }
        String failure = through.map(SuiteRun.Result::failure).orElse("was not run");
        return new Row(spec.name(), failure.isEmpty() ? Verdict.PASSED : Verdict.FAILED, failure);
    }

    long count(Verdict verdict) {
        return rows.stream().filter(row -> row.verdict() == verdict).count();
    }

    /** What a spec that is not found means: a list that is out of date, which is a mistake of ours. */
    long failed() {
        return count(Verdict.FAILED) + count(Verdict.UNKNOWN);
    }
}
