package dev.spillway.bench.region;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a JVM weighs.
 *
 * @param residentMegabytes of the process, before it was asked to collect
 * @param liveBytes of objects in its heap after a full collection; -1 where it did not say
 */
record Memory(long residentMegabytes, long liveBytes) {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");

    /** Asks by {@code jcmd}, which makes the JVM collect. */
    static Memory of(Program jvm) {
        long resident = jvm.residentMegabytes();
        var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            var histogram = TOTAL.matcher(
                    Checkout.run("", tool, List.of(tool.toString(), Long.toString(jvm.pid()), "GC.class_histogram")));
            return new Memory(resident, histogram.find() ? Long.parseLong(histogram.group(1)) : -1);
        } catch (IOException e) {
            return new Memory(resident, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Memory(resident, -1);
        }
    }

    /** In MB of a million bytes; -1 where it did not say. */
    long liveMegabytes() {
        return liveBytes < 0 ? -1 : liveBytes / 1_000_000;
    }

    @Override
    public String toString() {
        return "resident %,d MB, live objects %,d MB".formatted(residentMegabytes, liveMegabytes());
    }
}
