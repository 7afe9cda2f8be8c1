package dev.spillway.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SwitchesTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void noSwitchOverOurOwnTypesTakesWhateverIsLeft() throws IOException {
        List<Path> folders;
        try (var modules = Files.list(Path.of(".."))) {
            folders = modules.flatMap(module ->
                            List.of(module.resolve("src/main/java"), module.resolve("src/test/java")).stream())
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        }
        assertThat(folders).contains(Path.of("../core/src/main/java"), Path.of("../bench/src/main/java"));

        assertThat(new Switches(folders, "dev.spillway").takingWhateverIsLeft()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "switch (colour) { case RED -> {} default -> {} }",
                "switch (colour) { case RED: break; default: break; }",
                "switch (colour) { case RED -> {} case null, default -> {} }",
                "int i = switch (colour) { case RED -> 1; default -> 2; };",
                "int i = switch (colour) { case RED -> 1; case Colour other -> 2; };",
                "switch (shape) { case Round r -> {} default -> {} }",
                "switch (shape) { case Round r when r.width() > 1 -> {} case Round _ -> {} case Shape other -> {} }",
                "switch (shape) { case Round r -> {} case Object other -> {} }",
                "switch (shapes.getFirst()) { case Round r -> {} default -> {} }",
                "Runnable r = () -> { switch (shape.colour()) { case RED -> {} default -> {} } };",
            })
    void oneThatDoesIsFound(String statement) throws IOException {
        assertThat(found(statement)).singleElement().asString().contains("Sample.java:7: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "switch (colour) { case RED -> {} case BLUE -> {} }",
                "switch (shape) { case Round r -> {} case Square s when s.width() > 1 -> {} case Square s -> {} }",
                "switch (shape) { case Round(int width) -> {} case Square _ -> {} }",
                "switch (name) { case \"red\" -> {} default -> {} }",
                "switch (shape.width()) { case 1 -> {} default -> {} }",
                "switch (day) { case SUNDAY -> {} default -> {} }", // somebody else's: it may grow without us
                "switch (anything) { case Round r -> {} default -> {} }",
                "switch (anything) { case Shape s -> {} case Object other -> {} }",
            })
    void othersAreLeftAlone(String statement) throws IOException {
        assertThat(found(statement)).isEmpty();
    }

    @Test
    void oneThatCannotBeJudgedIsFound() throws IOException {
        assertThat(found("switch (unheardOf()) { case RED -> {} default -> {} }"))
                .singleElement()
                .asString()
                .contains("could not be told");
    }

    private List<String> found(String statement) throws IOException {
        Files.writeString(folder.resolve("Sample.java"), """
            package ours;
            class Sample {
                enum Colour { RED, BLUE }
                sealed interface Shape { int width(); default Colour colour() { return Colour.RED; } }
                record Round(int width) implements Shape {}
                void look(Colour colour, Shape shape, java.util.List<Shape> shapes, String name, java.time.DayOfWeek day, Object anything) {
                    %s
                }
                record Square(int width) implements Shape {}
            }
            """.formatted(statement));
        return new Switches(List.of(folder), "ours").takingWhateverIsLeft();
    }
}
