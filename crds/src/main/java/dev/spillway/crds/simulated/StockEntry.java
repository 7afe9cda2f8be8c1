package dev.spillway.crds.simulated;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.Syntax;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool of stock: every offer that the entry matches takes from it. An absent field matches everything. Immutable.
 *
 * @param zones empty = every zone of the region
 * @param gpuModel null or {@code *} = every model, and none; empty = no GPU
 * @param microsUsdPerHour price in millionths of a US dollar; null = free
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "(!has(self.computeClass) || self.computeClass.matches('" + Syntax.LABEL_VALUE
                + "')) && (!has(self.computeQos) || self.computeQos.matches('" + Syntax.LABEL_VALUE
                + "')) && (!has(self.gpuModel) || self.gpuModel == '*' || self.gpuModel.matches('"
                + Syntax.LABEL_VALUE + "'))",
        message = "computeClass, computeQos and gpuModel are values of pod labels; use at most 63 letters, digits, '-',"
                + " '_' or '.', the first and the last one a letter or digit")
public record StockEntry(
        @JsonPropertyDescription("Absent: all zones of the region.") @Size(max = 50)
        List<@Size(max = 47) String> zones,

        @JsonPropertyDescription("Absent: any.") @Size(min = 1, max = 63) @Nullable
        String computeClass,

        @JsonPropertyDescription("Absent: any.") @Size(min = 1, max = 63) @Nullable
        String computeQos,

        @JsonPropertyDescription("* or absent: any, and none. Empty: no GPU.") @Size(max = 63) @Nullable
        String gpuModel,

        @JsonPropertyDescription("Absent: both.") @Nullable Boolean spot,

        @Required @JsonPropertyDescription("Instances that can be had, over time.")
        StockScript script,

        @JsonPropertyDescription("Price in millionths of a US dollar.") @Min(0) @Nullable
        Long microsUsdPerHour) {

    public StockEntry {
        zones = zones == null ? List.of() : List.copyOf(zones);
    }
}
