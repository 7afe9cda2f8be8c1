package dev.spillway.regions.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.regions.protocol.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StockTraceFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsProbesAndTheirGap() {
        StockTrace trace = StockTraceFile.read("src/test/resources/stock/five-probes.json");

        assertThat(trace.gap()).isEqualTo(Duration.ofSeconds(195));
        assertThat(trace.probes()).isEqualTo(5);
        assertThat(trace.availableProbes()).isEqualTo(3);
        assertThat(trace.isAvailable(194_999)).isFalse();
        assertThat(trace.isAvailable(195_000)).isTrue();
    }

    @Test
    void equalFilesAreEqualTraces() throws IOException {
        Path copy = folder.resolve("copy.json");
        Files.copy(Path.of("src/test/resources/stock/five-probes.json"), copy);

        assertThat(StockTraceFile.read(copy.toString()))
                .isEqualTo(StockTraceFile.read("src/test/resources/stock/five-probes.json"));
    }

    @Test
    void whatCannotBeReadIsNamedWithWhatToDo() throws IOException {
        assertThatThrownBy(() -> StockTraceFile.read("no/such/file.json"))
                .isInstanceOf(MalformedException.class)
                .hasMessage(
                        "Trace file no/such/file.json does not exist; give the path of a trace on the machine of the"
                                + " simulated regions.");
        rejects("0 1 1 0", " must be a JSON object; it is a number.");
        rejects("not JSON", " is not JSON: ");
        rejects("", " must be a JSON object; it is empty.");
        rejects("[]", " must be a JSON object; it is a list.");
        rejects("{\"data\": [1]}", ".metadata is missing; give an object.");
        rejects(
                "{\"metadata\": {}, \"data\": [1]}",
                ".metadata.gap_seconds is missing; give a whole number from 1 to 86400.");
        rejects(
                "{\"metadata\": {\"gap_seconds\": 0}, \"data\": [1]}",
                ".metadata.gap_seconds must be a whole number from 1 to 86400; it is 0.");
        rejects(
                "{\"metadata\": {\"gap_seconds\": 195}}",
                ".data is missing or empty; it must be a list of numbers, one for each probe.");
        rejects("{\"metadata\": {\"gap_seconds\": 195}, \"data\": {}}", ".data must be a list; it is an object.");
        rejects(
                "{\"metadata\": {\"gap_seconds\": 195}, \"data\": [1, true]}",
                ".data[1] must be a number of at least 0.");
        rejects("{\"metadata\": {\"gap_seconds\": 195}, \"data\": [-1]}", ".data[0] must be a number of at least 0.");
    }

    private void rejects(String text, String problem) throws IOException {
        Path file = folder.resolve("trace.json");
        Files.writeString(file, text);

        assertThatThrownBy(() -> StockTraceFile.read(file.toString()))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("Trace file " + file + problem);
    }
}
