package dev.spillway.crds.region;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.StatusCondition;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is published about a region. Immutable.
 *
 * <p>Field names, for writers that patch plain JSON (a merge patch replaces a list as a whole, and an explicit null
 * removes a field):
 *
 * <ul>
 *   <li>{@code observedGeneration}: the metadata.generation that was judged
 *   <li>{@code conditions[]}: {@link StatusCondition}; types {@code Accepted}, {@code Reachable}, {@code Ready} (both of them) and, only where
 *       the object cannot be used as it is, {@code Stalled}
 *   <li>{@code instances}: live instances of this cluster
 *   <li>{@code virtualNodes[]}: names of the region's Nodes
 *   <li>{@code stock[]}: {@code zone}, {@code computeClass}, {@code computeQos}, {@code gpuModel} (absent or empty = no
 *       GPU), {@code spot} (absent = false), {@code state} (see {@link StockState}), {@code until} (optional), {@code observedAt}; both times RFC 3339
 *   <li>{@code zonesSummary}, {@code stockSummary}: one line each for {@code kubectl get}, such as {@code a, b} and
 *       {@code m1 open, m2 sold out}
 * </ul>
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RegionStatus(
        @JsonPropertyDescription("The metadata.generation that was judged.") @Nullable
        Long observedGeneration,

        List<StatusCondition> conditions,

        @JsonPropertyDescription("Live instances of this cluster.") @Min(0) @Max(Integer.MAX_VALUE) @Nullable
        Integer instances,

        @JsonPropertyDescription("Names of the region's nodes.")
        List<String> virtualNodes,

        @JsonPropertyDescription("What the region's answers said about each offer.")
        List<StockLine> stock,

        @JsonPropertyDescription("The zones in one line.") @Nullable
        String zonesSummary,

        @JsonPropertyDescription("The stock in one line.") @Nullable
        String stockSummary) {

    /** What is known of one offer. */
    @JsonInclude(Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record StockLine(
            @Required String zone,

            @Required String computeClass,

            @Required String computeQos,

            @JsonPropertyDescription("Absent or empty: no GPU.") @Nullable
            String gpuModel,

            Boolean spot,

            @Required
            @JsonPropertyDescription(
                    "Open: the last answer was an instance. SoldOut: it was a refusal for lack of stock. NotOffered,"
                            + " QuotaReached: it was another refusal. Throttled, Unauthorised, Unavailable, NoAnswer: the"
                            + " region takes no requests for now, whatever its stock. Probing: one request is testing"
                            + " whether that is over.")
            StockState state,

            @JsonPropertyDescription("When the offer is asked for again, where it is not asked for now.") @Nullable
            String until,

            @Required @JsonPropertyDescription("When the state began.")
            String observedAt) {

        public StockLine {
            spot = Objects.requireNonNullElse(spot, false);
        }
    }

    /** State of an offer, as {@code kubectl} shows it. */
    public enum StockState {
        @JsonProperty("NeverAsked")
        NEVER_ASKED,
        @JsonProperty("Open")
        OPEN,
        @JsonProperty("SoldOut")
        SOLD_OUT,
        @JsonProperty("NotOffered")
        NOT_OFFERED,
        @JsonProperty("QuotaReached")
        QUOTA_REACHED,
        @JsonProperty("Throttled")
        THROTTLED,
        @JsonProperty("Unauthorised")
        UNAUTHORISED,
        @JsonProperty("Unavailable")
        UNAVAILABLE,
        @JsonProperty("NoAnswer")
        NO_ANSWER,
        @JsonProperty("Probing")
        PROBING
    }

    public RegionStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        virtualNodes = virtualNodes == null ? List.of() : List.copyOf(virtualNodes);
        stock = stock == null ? List.of() : List.copyOf(stock);
    }
}
