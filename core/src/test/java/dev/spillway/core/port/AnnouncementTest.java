package dev.spillway.core.port;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The API server refuses a note of more than 1024 bytes: ValidateEventCreate in pkg/apis/core/validation/events.go. */
final class AnnouncementTest {
    private static String said(String message) {
        return new Announcement(true, "NoStock", message).message();
    }

    @Test
    void aTextThatFitsStaysAsItIs() {
        for (var text :
                new String[] {"", "sold out", "x".repeat(1000), "é".repeat(500), "库".repeat(333), "🐳".repeat(250)}) {
            assertThat(said(text)).isEqualTo(text);
        }
    }

    @Test
    void aLongerTextIsCutAndSaysSo() {
        assertThat(said("x".repeat(1001))).isEqualTo("x".repeat(997) + "...");
        assertThat(said("x".repeat(2000))).isEqualTo("x".repeat(997) + "...");
    }

    @Test
    void whatCountsAreBytes() {
        assertThat(said("é".repeat(501))).isEqualTo("é".repeat(498) + "...");
        assertThat(said("库".repeat(334))).isEqualTo("库".repeat(332) + "...");
        assertThat(said("x" + "库".repeat(1000)).getBytes(UTF_8)).hasSize(1000);
    }

    @Test
    void noCharacterIsCutInTwo() {
        for (var start : new String[] {"", "x", "xx", "xxx"}) {
            var cut = said(start + "🐳".repeat(251));
            assertThat(cut.getBytes(UTF_8)).hasSizeBetween(995, 1000);
            assertThat(cut).matches(start + "(🐳)+\\.\\.\\.");
        }
    }

    @Test
    void whatWasCutIsNotCutAgain() {
        for (var text : new String[] {"x".repeat(2000), "库".repeat(2000), "🐳".repeat(2000)}) {
            assertThat(said(said(text))).isEqualTo(said(text));
        }
    }
}
