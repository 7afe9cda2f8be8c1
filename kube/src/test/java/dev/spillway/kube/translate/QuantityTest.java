package dev.spillway.kube.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules: apimachinery, pkg/api/resource/quantity.go. */
final class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "+7, 7",
        "1k, 1000",
        "5M, 5000000",
        "2G, 2000000000",
        "1T, 1000000000000",
        "3P, 3000000000000000",
        "1E, 1000000000000000000",
        "1Ki, 1024",
        "1Mi, 1048576",
        "1.5Gi, 1610612736",
        "1Ti, 1099511627776",
        "1Pi, 1125899906842624",
        "1Ei, 1152921504606846976",
        "1e3, 1000",
        "1E3, 1000",
        "12E-1, 2",
        ".5k, 500",
        "5., 5",
        "128974848000m, 128974848",
    })
    void readsUnits(String text, long units) {
        assertThat(Quantity.units(text)).isEqualTo(units);
    }

    @ParameterizedTest
    @CsvSource({"500m, 500", "1, 1000", "0.1, 100", "1500000u, 1500", "2000000n, 2", "1k, 1000000", "1e-3, 1"})
    void readsThousandths(String text, long millis) {
        assertThat(Quantity.millis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"17535902n, 17535902", "1, 1000000000", "250m, 250000000", "0, 0"})
    void readsBillionths(String text, long nanos) {
        assertThat(Quantity.nanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"1n, 1", "0.0001, 1", "1001u, 2", "1e-300, 1", "1e-2000000000, 1"})
    void roundsUpSoThatARequestIsNeverTakenForLess(String text, long millis) {
        assertThat(Quantity.millis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9223372036854775807", "9223372036854775808", "8Ei", "10E", "1e19", "1e2000000000", "1e1000"})
    void saturatesInsteadOfWrappingRound(String text) {
        assertThat(Quantity.units(text)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-0.5Gi", "-1e9", "0", "0e2000000000"})
    void negativeIsNothing(String text) {
        assertThat(Quantity.units(text)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "x", "1x", "1.2.3", "Gi", "1 Gi", "1gi", "1Zi", "1K", "e3", "1e", "1ee3", "--1", "0x10", "0q", "."
            })
    void refusesWhatIsNoQuantity(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.units(text))
                .withMessageContaining("\"" + text + "\"");
    }

    @Test
    void anotherLongNumberOfDigitsIsStillANumber() {
        assertThat(Quantity.units("0".repeat(500) + "12")).isEqualTo(12);
        assertThat(Quantity.units("9".repeat(500))).isEqualTo(Long.MAX_VALUE);
    }
}
