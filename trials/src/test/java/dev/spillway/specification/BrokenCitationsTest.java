package dev.spillway.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A small tree in which everything is cited rightly, and what is found when one citation in it is wrong. */
final class BrokenCitationsTest {
    private static final Map<String, String> FILES = Map.of(
            "docs/rules.md",
            """
            # Rules

            ## R1: order

            * **R1.1** Units are tried in order (E01).
            * **R1.2** Nobody waits for ever.

            **At once.** Nothing is.

            | | what | by |
            | --- | --- | --- |
            | **S1** | One instance | `room/Judge#once` |
            | **F1** | A crash | `room/Judge` |
            """,
            "decisions/0003-one.md",
            "# 0003: one\\n",
            "scenarios/e01-order.yaml",
            "# Two units.\ntitle: E01 order\n",
            "core/src/main/java/dev/spillway/core/room/Judge.java",
            """
            package dev.spillway.core.room;

            /** Decides in order (R1.1, decision 0003). */
            final class Judge {
                boolean once() {
                    return true; // S1
                }
            }
            """);

    @TempDir
    private Path root = Path.of("");

    @BeforeEach
    void makeTheTree() throws IOException {
        for (var file : FILES.entrySet()) {
            write(file.getKey(), file.getValue());
        }
    }

    private void write(String name, String content) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private List<String> broken() {
        var tree = new Tree(root);
        return Citations.broken(tree.sources(), tree.passages(), tree.specification()).stream()
                .map(Broken::text)
                .toList();
    }

    @Test
    void whatIsThereMayBeCited() throws IOException {
        write("docs/page.md", """
            # A page

            See R1, R1.2, S1, F1, E01, decision 0003 and [its text](../decisions/0003-one.md), `scenarios/e01-order.yaml`,
            docs/rules.md, "R1: order" and "At once", [the same](rules.md#r1-order), `room/Judge#once` and `dev.spillway.core.room.Judge`.
            Text in code cites no number: `S9`. Models are no numbers: L20, T4, A10.
            """);

        assertThat(broken()).isEmpty();
        assertThat(new Tree(root).specification().broken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "as R1.3 says           | R1.3",
                "as R2 says             | R2",
                "against S2             | S2",
                "against (O1)           | O1",
                "under F2               | F2",
                "as in E02              | E02",
                "as Q1 asks             | Q1",
                "as P1 promises         | P1",
                "design section 3 says  | design section",
                "keeps promise 2        | promise 2",
                "see specification 1.6  | specification 1.6",
                "section 4 of the specification | section 4 of the spec",
                "see decision 0004      | decision 0004",
                "decisions 0003 and 0009 | decision 0009",
                "see docs/gone.md       | docs/gone.md",
                "docs/rules.md, \"Gone\" | section \"Gone\" of docs/rules.md",
                "(docs/gone.md)         | docs/gone.md",
                "scenarios/gone.yaml    | scenarios/gone.yaml",
                "dev.spillway.core.Gone | dev.spillway.core.Gone",
                "dev.spillway.gone      | dev.spillway.gone",
            })
    void inEveryKindOfTextItIsFound(String citation, String what) throws IOException {
        write("docs/page.md", "# A page\n\nIt is so,\n" + citation + ".\n");
        write("core/src/main/java/dev/spillway/core/room/Other.java", "final class Other {} // " + citation + "\n");
        write("scenarios/more.yaml", "# It is so,\n# " + citation + ".\ntitle: more\n");

        assertThat(broken())
                .containsExactlyInAnyOrder(
                        "docs/page.md:4: " + what + " is not there",
                        "core/src/main/java/dev/spillway/core/room/Other.java:1: " + what + " is not there",
                        "scenarios/more.yaml:2: " + what + " is not there");
    }

    @ParameterizedTest
    @CsvSource({
        "[page](gone.md), gone.md",
        "[section](rules.md#gone), section #gone of docs/rules.md",
        "`room/Gone`, room/Gone",
        "`elsewhere/Judge`, elsewhere/Judge",
        "`room/Judge#twice`, room/Judge#twice",
        "`Judge#twice`, Judge#twice",
        "the scenario `gone`, scenarios/gone.yaml",
        "`core/src/main/java/dev/Gone.java`, core/src/main/java/dev/Gone.java",
        "`deploy/gone.yaml`, deploy/gone.yaml",
    })
    void onAPageItIsFound(String citation, String what) throws IOException {
        write("docs/page.md", "# A page\n\n" + citation + "\n");

        assertThat(broken()).containsExactly("docs/page.md:3: " + what + " is not there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{@link Gone", "{@link #gone", "{@link Judge#twice", "{@link dev.spillway.core.room.Gone"})
    void inJavadocItIsFound(String link) throws IOException {
        write(
                "core/src/main/java/dev/spillway/core/room/Other.java",
                "/**\n * It does what\n * " + link + "} does.\n */\nfinal class Other {}\n");

        assertThat(broken())
                .contains("core/src/main/java/dev/spillway/core/room/Other.java:3: " + link + " is not there");
    }

    @Test
    void thePageAboutTheHouseNamesClassesByTheirSimpleNames() throws IOException {
        write("ARCHITECTURE.md", "# House\n\n`Judge` decides, `Judge.once` once, `Gone` nothing.\n");

        assertThat(broken()).containsExactly("ARCHITECTURE.md:3: Gone is not there");
    }

    @Test
    void stringsOfASourceCiteNothing() throws IOException {
        write(
                "core/src/main/java/dev/spillway/core/room/Other.java",
                "class Other { String a = \"// S9\"; char b = '\"'; String c = \"\"\"\n"
                        + "  /* S8 */ \\\"\"\" \"\"\"; /* S7 */ }\n");

        assertThat(broken()).containsExactly("core/src/main/java/dev/spillway/core/room/Other.java:2: S7 is not there");
    }

    @Test
    void aDefinitionThatNothingChecksOrShowsIsFound() throws IOException {
        write(
                "docs/more.md",
                "# More\n\n* **R1.1** again\n\n| **S2** | what | nobody |\n| **F2** | what | nothing |\n");

        assertThat(new Tree(root).specification().broken().stream().map(Broken::text))
                .containsExactly(
                        "docs/rules.md:5: R1.1 is defined twice",
                        "docs/more.md:5: S2 names no class that checks it and no reason why there is none",
                        "docs/more.md:6: F2 names no test that shows it and no reason why there is none");
    }

    @Test
    void rulesThatNoScenarioShowsAreListed() throws IOException {
        var before = new Tree(root);
        write("scenarios/more.yaml", "# Shows R1.2.\ntitle: more\n");
        var after = new Tree(root);

        assertThat(before.specification().withoutScenario(before.passages())).containsExactly("R1.2");
        assertThat(after.specification().withoutScenario(after.passages())).isEmpty();
    }
}
