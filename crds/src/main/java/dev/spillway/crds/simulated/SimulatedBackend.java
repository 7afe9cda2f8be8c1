package dev.spillway.crds.simulated;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Objects;

/**
 * Script of one simulated region. May be edited while the region runs. An absent field reads as its default. Immutable.
 *
 * @param stock without any entry, everything is sold out
 * @param startupDelayMillis from acceptance to running, 0 to an hour; likewise the other delays up to ten minutes
 * @param loseAnswersPerMille of a thousand requests that were carried out, how many get no answer
 * @param failAfterAcceptPerMille of a thousand accepted instances, how many fail before they run
 * @param settleMillis how long a finished request may take to show in a list, 0 to an hour
 * @param seed start of the pseudo-random choices above
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SimulatedBackend(
        @JsonPropertyDescription("What can be had, and when. An offer takes from the first entry that matches it; what"
                + " none matches is sold out.")
        @Size(max = 64)
        List<StockEntry> stock,

        @JsonPropertyDescription("From acceptance to running.") @Default("500") @Min(0) @Max(3_600_000)
        Integer startupDelayMillis,

        @JsonPropertyDescription("How long a refusal takes.") @Default("0") @Min(0) @Max(600_000)
        Integer refusalLatencyMillis,

        @JsonPropertyDescription("How long an acceptance takes.") @Default("0") @Min(0) @Max(600_000)
        Integer acceptLatencyMillis,

        @JsonPropertyDescription("Whether and how the whole region fails: answers 503, 401 or 429, or none at all.")
        @Default("None")
        Outage outage,

        @JsonPropertyDescription("Of a thousand requests that were carried out, how many get no answer.")
        @Default("0")
        @Min(0)
        @Max(1000)
        Integer loseAnswersPerMille,

        @JsonPropertyDescription("Of a thousand accepted instances, how many fail before they run.")
        @Default("0")
        @Min(0)
        @Max(1000)
        Integer failAfterAcceptPerMille,

        @JsonPropertyDescription("How long a finished request may take to show in a list.")
        @Default("0")
        @Min(0)
        @Max(3_600_000)
        Integer settleMillis,

        @JsonPropertyDescription("Start of the pseudo-random choices.") @Default("1")
        Long seed) {

    /** How a whole region fails. */
    public enum Outage {
        @JsonProperty("None")
        NONE,
        @JsonProperty("Unavailable")
        UNAVAILABLE,
        @JsonProperty("Unauthorised")
        UNAUTHORISED,
        @JsonProperty("Throttled")
        THROTTLED,
        /** Takes requests and never answers. */
        @JsonProperty("Hang")
        HANG
    }

    public SimulatedBackend {
        stock = stock == null ? List.of() : List.copyOf(stock);
        startupDelayMillis = Objects.requireNonNullElse(startupDelayMillis, 500);
        refusalLatencyMillis = Objects.requireNonNullElse(refusalLatencyMillis, 0);
        acceptLatencyMillis = Objects.requireNonNullElse(acceptLatencyMillis, 0);
        outage = Objects.requireNonNullElse(outage, Outage.NONE);
        loseAnswersPerMille = Objects.requireNonNullElse(loseAnswersPerMille, 0);
        failAfterAcceptPerMille = Objects.requireNonNullElse(failAfterAcceptPerMille, 0);
        settleMillis = Objects.requireNonNullElse(settleMillis, 0);
        seed = Objects.requireNonNullElse(seed, 1L);
    }
}
