package dev.spillway.crds.region;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.Syntax;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;

/**
 * What an operator declares about a {@link Region}. An absent field reads as the default that the API server stores.
 * That zones are unique over all Regions, and that one Region only is the default, cannot be seen in one object and is
 * judged by the controller. Immutable.
 *
 * @param isDefault {@code default} in the object
 * @param allowedNamespaces an empty list allows nobody, {@code *} everybody; absent reads as {@code *}
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.zones.all(z, self.zones.exists_one(other, other.id == z.id))",
        fieldPath = ".zones",
        message = "two zones have the same id; name each zone once")
@ValidationRule(
        value = "!has(self.offers) || self.offers.all(o, !has(o.zones)"
                + " || o.zones.all(id, self.zones.exists(z, z.id == id)))",
        fieldPath = ".offers",
        message = "an offer names a zone that is not in spec.zones; add the zone or correct its id")
@ValidationRule(
        value = "!has(self.backend.simulated) || !has(self.backend.simulated.stock)"
                + " || self.backend.simulated.stock.all(s, !has(s.zones)"
                + " || s.zones.all(id, self.zones.exists(z, z.id == id)))",
        fieldPath = ".backend.simulated.stock",
        message = "a stock entry names a zone that is not in spec.zones; add the zone or correct its id")
@ValidationRule(
        value = "!has(self.allowedNamespaces) || self.allowedNamespaces.all(n, n == '*' || n.matches('"
                + Syntax.DNS_LABEL + "'))",
        fieldPath = ".allowedNamespaces",
        message =
                "allowedNamespaces has an entry that no namespace can be called; write names of namespaces, or * for all")
public record RegionSpec(
        @JsonProperty("default")
        @JsonPropertyDescription("Whether directly pinned pods that name no region go here. One Region only.")
        @Default("false")
        Boolean isDefault,

        @Required
        @JsonPropertyDescription(
                "The region's zones. Each becomes a node virtual-kubelet-ID; an id belongs to one Region only.")
        @Size(min = 1, max = 50)
        List<Zone> zones,

        @JsonPropertyDescription("What the region sells. Absent or empty: anything may be asked for.") @Size(max = 64)
        List<RegionOffer> offers,

        @JsonInclude(Include.ALWAYS)
        @JsonPropertyDescription("Namespaces whose pods may be placed here; * for all, an empty list for none.")
        @Default("[\"*\"]")
        @Size(max = 256)
        List<@Size(max = 63) String> allowedNamespaces,

        @JsonPropertyDescription("Set it when the region is gone for good: what it may still hold is written off and"
                + " pods that wait for its answer go on.")
        @Default("false")
        Boolean lost,

        @JsonPropertyDescription("Pods that the virtual node of each zone admits.")
        @Default("10000")
        @Min(1)
        @Max(100_000)
        Integer maxPods,

        @JsonPropertyDescription("How long the region may be unreachable before each of its pods is treated as its"
                + " annotation spillway.dev/on-region-outage says: Stay, Move or Ask.")
        @Default("900")
        @Min(0)
        @Max(86_400)
        Integer outagePatienceSeconds,

        @Required @JsonPropertyDescription("How the region is reached.")
        Backend backend) {

    public RegionSpec {
        isDefault = Objects.requireNonNullElse(isDefault, false);
        zones = zones == null ? List.of() : List.copyOf(zones);
        offers = offers == null ? List.of() : List.copyOf(offers);
        allowedNamespaces = allowedNamespaces == null ? List.of("*") : List.copyOf(allowedNamespaces);
        lost = Objects.requireNonNullElse(lost, false);
        maxPods = Objects.requireNonNullElse(maxPods, 10_000);
        outagePatienceSeconds = Objects.requireNonNullElse(outagePatienceSeconds, 900);
    }
}
