package dev.spillway.crds.simulated;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many instances a stock entry has in all, those already sold included, over time. Exactly one of the four forms is
 * present. Time counts from the moment the server first sees the script. Immutable.
 *
 * @param constant always this many
 * @param schedule steps in ascending order of time; before the first one there is none
 */
@JsonInclude(Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "[has(self.constant), has(self.schedule), has(self.random), has(self.trace)].exists_one(form, form)",
        message = "a stock script has exactly one of constant, schedule, random and trace")
@ValidationRule(
        value = "!has(self.schedule) || (self.schedule.map(s, s.afterSeconds).isSorted()"
                + " && self.schedule.all(s, self.schedule.exists_one(other, other.afterSeconds == s.afterSeconds)))",
        fieldPath = ".schedule",
        message = "the steps of a schedule must be in ascending order of afterSeconds, each with another one")
public record StockScript(
        @JsonPropertyDescription("Always this many.") @Min(0) @Max(StockScript.MOST_INSTANCES) @Nullable
        Integer constant,

        @JsonPropertyDescription("Steps in ascending order; before the first one there is none.")
        @Size(min = 1, max = 100)
        @Nullable
        List<Step> schedule,

        @JsonPropertyDescription("Sold out and available by turns, each for an exponentially distributed time.")
        @Nullable
        RandomTurns random,

        @JsonPropertyDescription("A recorded trace.") @Nullable
        Trace trace) {

    static final int MOST_INSTANCES = 1_000_000;
    private static final int TEN_YEARS_IN_SECONDS = 315_360_000;

    /** From this time on, this many. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Step(
            @Required @Min(0) @Max(TEN_YEARS_IN_SECONDS) int afterSeconds,

            @Required @Min(0) @Max(MOST_INSTANCES) int instances) {}

    /** Sold out and available by turns; the same seed gives the same turns. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RandomTurns(
            @Default("1") Long seed,

            @Required @JsonPropertyDescription("Mean length of a time with stock.") @Min(1) @Max(TEN_YEARS_IN_SECONDS)
            int meanAvailableSeconds,

            @Required
            @JsonPropertyDescription("Mean length of a time without stock.")
            @Min(1)
            @Max(TEN_YEARS_IN_SECONDS)
            int meanSoldOutSeconds,

            @Required @JsonPropertyDescription("How many while there is stock.") @Min(1) @Max(MOST_INSTANCES)
            int instances) {

        public RandomTurns {
            seed = Objects.requireNonNullElse(seed, 1L);
        }
    }

    /**
     * A recorded trace of ones and zeros, one for each probe: {@code {"metadata": {"gap_seconds": 195}, "data": [0, 1]}}.
     *
     * @param file path on the machine of the simulated regions' server
     * @param speed recorded seconds that pass in one second
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Trace(
            @Required
            @JsonPropertyDescription("Path on the machine of the simulated regions' server.")
            @Size(min = 1, max = 4096)
            String file,

            @JsonPropertyDescription("How many while the trace says 1.") @Default("1") @Min(1) @Max(MOST_INSTANCES)
            Integer instancesWhenAvailable,

            @JsonPropertyDescription("Recorded seconds that pass in one second.") @Default("1") @Min(1) @Max(1_000_000)
            Integer speed) {

        public Trace {
            instancesWhenAvailable = Objects.requireNonNullElse(instancesWhenAvailable, 1);
            speed = Objects.requireNonNullElse(speed, 1);
        }
    }

    public StockScript {
        schedule = schedule == null ? null : List.copyOf(schedule);
    }
}
