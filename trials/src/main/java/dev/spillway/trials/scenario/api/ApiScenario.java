package dev.spillway.trials.scenario.api;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one file says: requests in order, and what must be answered. Immutable.
 *
 * @param title the name of the file, and the rule in one line
 */
public record ApiScenario(String title, List<ApiStep> steps) {
    /** Copies the list. */
    public ApiScenario {
        steps = List.copyOf(steps);
    }

    /** Whether it asks for custom resources of Spillway. */
    boolean usesOurKinds() {
        return steps.stream()
                .flatMap(step -> switch (step) {
                    case ApiStep.Call call -> Stream.of(call.path());
                    case ApiStep.OpenWatch watch -> Stream.of(watch.path());
                    case ApiStep.Events events -> Stream.<String>empty();
                    case ApiStep.Pause pause -> Stream.<String>empty();
                })
                .anyMatch(path -> path.startsWith("/apis/spillway.dev/")
                        || path.startsWith("/apis/scheduling.alibabacloud.com/"));
    }
}
