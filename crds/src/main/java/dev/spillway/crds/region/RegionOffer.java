package dev.spillway.crds.region;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.Syntax;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of what a region sells. Immutable.
 *
 * @param zones where; empty = in every zone of the region
 * @param gpuModel null = no GPU
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "has(self.gpuModel) ? !(self.computeClass in ['general-purpose', 'performance'])"
                + " : self.computeClass != 'gpu'",
        message =
                "computeClass gpu needs a gpuModel, and general-purpose and performance have none; set both or neither")
@ValidationRule(
        value = "self.computeClass.matches('" + Syntax.LABEL_VALUE + "') && self.computeQos.matches('"
                + Syntax.LABEL_VALUE + "') && (!has(self.gpuModel) || self.gpuModel.matches('" + Syntax.LABEL_VALUE
                + "'))",
        message = "computeClass, computeQos and gpuModel are values of pod labels; use at most 63 letters, digits, '-',"
                + " '_' or '.', the first and the last one a letter or digit")
public record RegionOffer(
        @JsonPropertyDescription("Zones that sell it. Absent: all zones of the region.") @Size(max = 50)
        List<@Size(max = 47) String> zones,

        @JsonPropertyDescription("general-purpose, performance, gpu or another class of the provider.")
        @Default("general-purpose")
        @Size(min = 1, max = 63)
        String computeClass,

        @JsonPropertyDescription("default or best-effort.") @Default("default") @Size(min = 1, max = 63)
        String computeQos,

        @JsonPropertyDescription("GPU model, such as L20. Absent: no GPU.") @Size(min = 1, max = 63) @Nullable
        String gpuModel,

        @JsonPropertyDescription("Whether it is interruptible capacity.") @Default("false")
        Boolean spot) {

    public RegionOffer {
        zones = zones == null ? List.of() : List.copyOf(zones);
        computeClass = Objects.requireNonNullElse(computeClass, "general-purpose");
        computeQos = Objects.requireNonNullElse(computeQos, "default");
        spot = Objects.requireNonNullElse(spot, false);
    }
}
