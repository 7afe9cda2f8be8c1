package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a pod may leave a unit for the next one.
 *
 * @param timeout how long to wait in a unit, in Go's notation ({@code 90s}, {@code 1h30m}); null means 15 minutes
 *     where the policy waits at all
 */
@JsonInclude(Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!has(self.timeout)"
                + " || self.timeout.matches('^([+]?0|[+]?(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$')",
        fieldPath = ".timeout",
        message = "the timeout must be a duration of at least zero, such as 90s or 1h30m")
public record WhenTryNextUnits(
        @Default("LackResourceOrExceedMax") NextUnitPolicy policy,

        @JsonPropertyDescription("How long to wait in a unit, such as 90s or 1h30m. Default: 15 minutes where the"
                + " policy waits at all. Not for acs units.")
        @Size(max = 64)
        @Nullable
        String timeout) {

    public WhenTryNextUnits {
        policy = Objects.requireNonNullElse(policy, NextUnitPolicy.LACK_RESOURCE_OR_EXCEED_MAX);
    }
}
