package dev.spillway.bench.embedded;

import dev.spillway.trials.embedded.EmbeddedClusterHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The process that is measured: an embedded cluster, started as commands start it, that ends with its standard input. */
final class ServerMain {
    /** First word of a line for the benchmark. */
    static final String MARK = "bench-server";

    /** A line of this on standard input has the garbage collected and the heap's use told. */
    static final String COLLECT = "collect";

    private static final int COLLECTIONS = 3;

    private ServerMain() {}

    /** Says when the start was asked for and where the cluster is, then does as it is told. */
    public static void main(String[] args) throws IOException {
        Instant called = Instant.now();
        try (var host = EmbeddedClusterHost.start(0);
                var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.printf("%s %s %s%n", MARK, called, host.endpoint());
            for (var order = orders.readLine(); order != null; order = orders.readLine()) {
                if (order.equals(COLLECT)) {
                    System.out.printf("%s %d%n", MARK, usedAfterCollection());
                }
            }
        }
    }

    private static long usedAfterCollection() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
