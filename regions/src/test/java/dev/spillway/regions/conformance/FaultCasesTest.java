package dev.spillway.regions.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kit has a case of each fault of a region in docs/specification/faults.md. */
final class FaultCasesTest {
    /** A restored backup; whether there can be one, and how, is each backend's own. */
    private static final String OF_EACH_BACKEND = "F57";

    @Test
    void theKitHasACaseOfEachFaultOfRegions() {
        var cases = Stream.of(
                        RegionBackendConformance.class, RegionFaultConformance.class, RegionWatchConformance.class)
                .flatMap(kit -> Arrays.stream(kit.getDeclaredMethods()))
                .filter(test -> test.isAnnotationPresent(FaultCase.class))
                .flatMap(test -> Stream.of(test.getAnnotation(FaultCase.class).value()))
                .collect(Collectors.toCollection(TreeSet::new));
        cases.add(OF_EACH_BACKEND);

        assertThat(cases)
                .containsExactlyElementsOf(IntStream.rangeClosed(44, 59)
                        .mapToObj(number -> "F" + number)
                        .toList());
    }
}
