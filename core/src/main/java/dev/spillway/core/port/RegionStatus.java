package dev.spillway.core.port;

import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status that a Region object shall have.
 *
 * @param accepted whether the object can be used, with the reason where not
 * @param reachable whether the last calls were answered
 * @param instances live instances of this cluster
 * @param nodes names of its virtual nodes
 * @param stock what is known of each offer, in order of offer
 */
public record RegionStatus(
        long generation,
        Verdict accepted,
        Verdict reachable,
        int instances,
        List<NodeName> nodes,
        List<StockLine> stock) {

    /** A condition's status with its reason and text. */
    public record Verdict(boolean status, String reason, String message) {}

    /** What is known of one offer. */
    public record StockLine(
            Offer offer, String state, @Nullable Instant until, Instant observedAt) {}

    public RegionStatus {
        nodes = List.copyOf(nodes);
        stock = List.copyOf(stock);
    }
}
