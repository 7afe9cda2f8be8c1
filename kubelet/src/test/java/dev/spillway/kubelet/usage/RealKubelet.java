package dev.spillway.kubelet.usage;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.kubelet.usage.NodeUsage.PodUsage;
import dev.spillway.kubelet.usage.NodeUsage.Total;
import dev.spillway.regions.running.ContainerUsage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a kubelet v1.37.0 with one pod answered on 2026-11-30, and the same figures as ours. The pod has a sidecar among its init containers. The summary
 * was cut to CPU and memory.
 */
final class RealKubelet {
    static final NodeUsage USAGE = new NodeUsage(
            new NodeName("node-1"),
            Optional.of(total("18:38:25.588", "17:20:16", 6_631_347_387_158L, 1_997_830_351L, 7_048_785_920L)),
            List.of(new PodUsage(
                    new PodKey("default", "burn"),
                    new PodUid("cbdcb75d-b430-4595-a9dd-610eb2a478bf"),
                    total("18:38:25.913", "18:38:09", 306_623_887L, 18_412_313L, 1_290_240L),
                    List.of(
                            new ContainerUsage(
                                    "main",
                                    at("18:38:10.0473235"),
                                    at("18:38:22.669"),
                                    221_523_957L,
                                    16_197_439L,
                                    745_472L),
                            new ContainerUsage(
                                    "sidecar", at("18:38:09.968204"), at("18:38:26.725"), 10_658_747L, 0, 270_336L)))),
            "");

    private RealKubelet() {}

    static String answer(String file) {
        try (InputStream in = RealKubelet.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Total total(String at, String since, long cpuNanos, long nanoCores, long memoryBytes) {
        return new Total(at(at), at(since), cpuNanos, nanoCores, memoryBytes);
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-30T" + time + "Z");
    }
}
