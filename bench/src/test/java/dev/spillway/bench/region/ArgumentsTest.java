package dev.spillway.bench.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {
    private static final List<Arguments.Option> OPTIONS = List.of(
            new Arguments.Option("pods", 1000, 60, 5000, "pods"), new Arguments.Option("rate", 50, 20, 1000, "rate"));

    @Test
    void whatIsGivenWinsOverQuickAndQuickOverTheUsual() {
        assertThat(Arguments.parse(OPTIONS, List.of()).of("pods")).isEqualTo(1000);

        var quick = Arguments.parse(OPTIONS, List.of("--rate", "7", "--quick"));
        assertThat(quick.of("pods")).isEqualTo(60);
        assertThat(quick.of("rate")).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pods", "--pods 0", "--pods 5001", "--pods many", "--podz 3", "pods"})
    void aBadOneIsSaid(String line) {
        assertThatThrownBy(() -> Arguments.parse(OPTIONS, List.of(line.split(" ", -1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(line.substring(0, 4));
    }

    @Test
    void helpNamesEachOption() {
        assertThat(Arguments.help("SomeBenchmark", "Does something.", OPTIONS))
                .contains("SomeBenchmark", "--pods", "--rate", "--quick", "1000");
    }
}
