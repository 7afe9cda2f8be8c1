package dev.spillway.recording.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
    private static final int VALUES_PER_TYPE = 200;
    private static final Codec<Event> EVENTS = Codec.of(Event.class);
    private static final Codec<Effect> EFFECTS = Codec.of(Effect.class);

    /** A type that no JSON form is known of. */
    public record Fraction(double part) {}

    /** Two choices of one name. */
    sealed interface Twice permits Left.Same, Right.Same {}

    interface Left {
        record Same() implements Twice {}
    }

    interface Right {
        record Same() implements Twice {}
    }

    static Stream<Class<?>> events() {
        return Forms.leaves(Event.class).stream();
    }

    static Stream<Class<?>> effects() {
        return Forms.leaves(Effect.class).stream();
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventComesBackEqual(Class<? extends Event> type) throws IOException {
        comesBackEqual(EVENTS, type);
    }

    @ParameterizedTest
    @MethodSource("effects")
    void everyEffectComesBackEqual(Class<? extends Effect> type) throws IOException {
        comesBackEqual(EFFECTS, type);
    }

    @Test
    void settingsComeBackEqual() throws IOException {
        comesBackEqual(Codec.of(Settings.class), Settings.class);
    }

    private static <T> void comesBackEqual(Codec<T> codec, Class<? extends T> type) throws IOException {
        for (long seed = 0; seed < VALUES_PER_TYPE; seed++) {
            var value = type.cast(new Arbitrary(seed).of(type));
            var text = write(codec, value);
            assertThat(text).as("one line").doesNotContain("\n");
            assertThat(codec.read(text.getBytes(UTF_8)))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(value);
        }
    }

    @Test
    void aPersonCanReadIt() throws IOException {
        assertThat(write(EVENTS, new Event.PodGone(new PodKey("shop", "web-0"), new PodUid("u-1"))))
                .isEqualTo("{\"PodGone\":{\"pod\":{\"namespace\":\"shop\",\"name\":\"web-0\"},\"uid\":\"u-1\"}}");
        assertThat(write(EVENTS, new Event.NamespaceSeen("shop", Labels.of("b", "2", "a", "1"))))
                .isEqualTo(
                        "{\"NamespaceSeen\":{\"name\":\"shop\",\"labels\":{\"a\":\"1\",\"b\":\"2\"},\"terminating\":false}}");
        assertThat(write(EFFECTS, new Effect.Write(new ClusterWrite.RemoveNode(new NodeName("n")))))
                .isEqualTo("{\"Write\":{\"write\":{\"RemoveNode\":{\"node\":\"n\"}}}}");
    }

    @Test
    void whatDoesNotFitIsAnErrorThatSaysWhere() {
        unreadable(
                "{\"PodGone\":{\"pod\":{\"namespace\":\"a\",\"name\":\"b\"}}}",
                "/PodGone",
                "PodGone lacks its field uid");
        unreadable(
                "{\"PodGone\":{\"pod\":{\"namespace\":\"a\",\"name\":\"b\",\"more\":1},\"uid\":\"u\"}}",
                "/PodGone/pod/more",
                "PodKey has no such field");
        unreadable("{\"PodEaten\":{}}", "/PodEaten", "there is no such Event");
        unreadable("{}", "names no Event");
        unreadable("{\"TimePassed\":{},\"ClusterListed\":{}}", "names more than one Event");
        unreadable("{\"NodeGone\":{\"node\":null}}", "/NodeGone/node", "must not be null");
        unreadable("{\"NodeGone\":{\"node\":7}}", "/NodeGone/node", "should be a text, but is a number");
        unreadable("{\"NodeGone\":{\"node\":\"a\",\"node\":\"b\"}}", "not JSON");
        unreadable("{\"TimePassed\":{}} {}", "something follows");
        unreadable("{\"TimePassed\":{", "not JSON");
        unreadable("", "nothing is there");
        unreadable("hello", "not JSON");
        assertThatThrownBy(() -> EFFECTS.read("{\"WakeAt\":{\"at\":\"noon\"}}".getBytes(UTF_8)))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("/WakeAt/at: should be an instant such as 2026-01-01T00:00:00Z, but is 'noon'");
    }

    @Test
    void aTypeWithoutAFormIsRefused() {
        assertThatThrownBy(() -> write(Codec.of(Fraction.class), new Fraction(0.5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Fraction.part")
                .hasMessageContaining("double");
        assertThatThrownBy(() -> Codec.of(Twice.class).read("{\"Same\":{}}".getBytes(UTF_8)))
                .hasMessageContaining("two choices are called Same");
    }

    @Test
    void userAndPasswordOfAUrlAreNotWritten() throws IOException {
        var backend = new Region.Backend("Simulated", "https://admin:s3cr:e@t@cloud.example:8443/v1?x=a@b", 1000);
        var region = new Region(new RegionId("r"), 1, 0, false, List.of(), List.of(), List.of("*"), false, 10, backend);
        var text = write(EVENTS, new Event.RegionSeen(region, "GET https://admin:s3cr:e@t@cloud.example failed"));
        assertThat(text)
                .doesNotContain("admin", "s3cr")
                .contains("https://***@cloud.example:8443/v1?x=a@b", "GET https://***@cloud.example failed");
    }

    private static void unreadable(String text, String... parts) {
        assertThatThrownBy(() -> EVENTS.read(text.getBytes(UTF_8)))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContainingAll(parts);
    }

    private static <T> String write(Codec<T> codec, T value) throws IOException {
        var out = new ByteArrayOutputStream();
        codec.write(value, out);
        return out.toString(UTF_8);
    }
}
