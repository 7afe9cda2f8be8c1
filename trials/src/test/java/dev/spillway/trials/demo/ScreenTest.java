package dev.spillway.trials.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private final StringWriter printed = new StringWriter();

    private Screen screen(Terminal terminal) {
        return new Screen(new PrintWriter(printed, true), terminal);
    }

    @Test
    void whereThereIsNoTerminalOnlyWhatStaysIsPrinted() {
        var screen = screen(Terminal.NONE);

        screen.goesOn("a phase", Duration.ZERO, () -> List.of("a pod"));
        screen.ok("a phase", Duration.ofMillis(1_500));

        assertThat(printed.toString())
                .startsWith("ok    a phase ")
                .endsWith(" 1.5 s\n")
                .doesNotContain("\u001b", "a pod");
    }

    @Test
    void theNextLineTakesThePlaceOfThePicture() {
        var screen = screen(new Terminal(true, false, 24, 80));

        screen.goesOn("a phase", Duration.ZERO, () -> List.of("a pod", "another"));
        screen.ok("a phase", Duration.ZERO);

        // Three lines up, and everything below is cleared.
        assertThat(printed.toString()).contains("a pod", "another").contains("\u001b[3A\u001b[0Jok    a phase");
    }

    @Test
    void aPictureIsCutToTheTerminal() {
        var screen = screen(new Terminal(true, false, 5, 20));

        screen.goesOn("a phase", Duration.ZERO, () -> List.of("first", "second", "x".repeat(100), "last"));

        assertThat(printed.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(20));
        assertThat(printed.toString()).contains("last").doesNotContain("first", "second");
    }

    @Test
    void theSumCountsWhatFailed() {
        var screen = screen(Terminal.NONE);
        screen.ok("one", Duration.ZERO);
        screen.failed("two", "since it was broken");

        assertThat(screen.sum()).isFalse();
        assertThat(printed.toString())
                .contains("FAIL  two\n      since it was broken")
                .endsWith("1 passed, 1 failed\n");
    }
}
