package dev.spillway.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.architecture.Sizes.Sized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SizesTest {

    /** To be split; whoever does it takes its line away. Nothing is added here. */
    private static final List<String> STILL_TOO_LONG = List.of();

    @TempDir
    private Path folder = Path.of("");

    /** {@code make house} shows what it prints. */
    @Test
    void noFileAndNoMethodIsLongerThanItMayBe() throws IOException {
        var sizes = Sizes.of(Path.of("..").toRealPath());
        System.out.println(sizes.drawn());

        assertThat(Stream.concat(
                                Sizes.over(Sizes.FILE_MAY, sizes.files()).stream(),
                                Sizes.over(Sizes.METHOD_MAY, sizes.methods()).stream())
                        .map(Sized::name))
                .containsExactlyElementsOf(STILL_TOO_LONG);
    }

    @Test
    void aMethodIsCountedFromBelowItsAnnotationsToItsBrace() throws IOException {
        var file = Files.writeString(folder.resolve("Example.java"), """
            interface Example {
                int withoutBody();

                @SafeVarargs
                @SuppressWarnings({
                    "one",
                    "two"
                })
                static <T> void six(
                        T... things) {
                    new Object() {
                        int one() { return 1; }
                    };
                }
            }
            """);

        var sizes = Sizes.ofFiles(folder, List.of(file));

        assertThat(sizes.files()).containsExactly(new Sized("Example.java", 15));
        assertThat(sizes.methods()).containsExactly(new Sized("Example.java#six", 6), new Sized("Example.java#one", 1));
    }

    @Test
    void whatIsOverALimitIsNamedTheLongestFirst() {
        var sizes = new Sizes(
                List.of(new Sized("A.java", 500), new Sized("B.java", 501), new Sized("C.java", 300)),
                List.of(new Sized("A.java#a", 61), new Sized("B.java#b", 62), new Sized("B.java#c", 31)));

        assertThat(sizes.drawn().lines())
                .containsExactly(
                        "files: 3, of them 2 over 300 lines; over 500: [B.java: 501]",
                        "methods: 3, of them 3 over 30 lines; over 60: [B.java#b: 62, A.java#a: 61]");
    }
}
