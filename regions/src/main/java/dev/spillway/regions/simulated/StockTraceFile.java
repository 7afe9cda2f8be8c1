package dev.spillway.regions.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * Reads recorded traces of stock: {@code {"metadata": {"gap_seconds": 195}, "data": [0, 1, ...]}}, one number for each probe,
 * above 0 where there was stock.
 */
public final class StockTraceFile {
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_PROBES = 10_000_000;
    private static final int MOST_GAP_SECONDS = 86_400;

    private StockTraceFile() {}

    /** Reads a file; one that is missing or of another shape is a {@link MalformedException} that names it. */
    public static StockTrace read(String file) {
        String name = "Trace file " + file;
        String text;
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path)) {
                throw new MalformedException(
                        name + " does not exist; give the path of a trace on the machine of the simulated regions.");
            }
            if (Files.size(path) > MOST_BYTES) {
                throw new MalformedException(
                        "%s has more than %d MiB; give a shorter trace.".formatted(name, MOST_BYTES >> 20));
            }
            text = Files.readString(path);
        } catch (InvalidPathException | IOException unreadable) {
            throw new MalformedException(
                    "%s cannot be read (%s); make it readable for the simulated regions."
                            .formatted(name, unreadable.getMessage()),
                    unreadable);
        }
        return trace(JsonFields.parse(name, text));
    }

    private static StockTrace trace(JsonFields json) {
        long gapSeconds = json.object("metadata").integer("gap_seconds", 1, MOST_GAP_SECONDS);
        List<JsonNode> data = json.elements("data", MOST_PROBES);
        if (data.isEmpty()) {
            throw new MalformedException("%s is missing or empty; it must be a list of numbers, one for each probe."
                    .formatted(json.path("data")));
        }
        BitSet available = new BitSet(data.size());
        for (int i = 0; i < data.size(); i++) {
            JsonNode probe = data.get(i);
            if (!probe.isNumber() || probe.doubleValue() < 0) {
                throw new MalformedException("%s[%d] must be a number of at least 0.".formatted(json.path("data"), i));
            }
            available.set(i, probe.doubleValue() > 0);
        }
        return new StockTrace(Duration.ofSeconds(gapSeconds), data.size(), available);
    }
}
