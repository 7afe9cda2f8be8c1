package dev.spillway.bench.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.it.ControlPlaneSettings.Storage;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpillOptionsTest {
    @Test
    void thousandPodsUnlessToldOtherwise() {
        assertThat(SpillOptions.parse(List.of())).isEqualTo(new SpillOptions(1000, 200, Storage.MEMORY));
    }

    @Test
    void explicitNumbersWinOverQuick() {
        assertThat(SpillOptions.parse(List.of("--pods", "7", "--quick", "--storage", "disk")))
                .isEqualTo(new SpillOptions(7, 100, Storage.DISK));
    }

    @Test
    void badOptionsAreNamed() {
        assertThatThrownBy(() -> SpillOptions.parse(List.of("--pods", "many"))).hasMessageContaining("'many'");
        assertThatThrownBy(() -> SpillOptions.parse(List.of("--pods"))).hasMessageContaining("--pods");
        assertThatThrownBy(() -> SpillOptions.parse(List.of("--fast"))).hasMessageContaining("--fast");
    }
}
