package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.StatusCondition;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is published about a policy; an extension, the original's status is empty (Q22). Immutable.
 *
 * <p>Field names, for writers that patch plain JSON (a merge patch replaces a list as a whole):
 *
 * <ul>
 *   <li>{@code observedGeneration}: the metadata.generation that was judged
 *   <li>{@code conditions[]}: {@link StatusCondition}; types {@code Ready} and {@code Consistent}, or, where
 *       the policy cannot be used as it is, {@code Ready} and {@code Stalled}
 *   <li>{@code units[]}: {@code index} (from 1), {@code count} (pods that count towards the unit), {@code max} (absent
 *       where the unit has no cap), {@code nodes} (that its selector matches); empty where the policy cannot be used
 *   <li>{@code summary}: one line for {@code kubectl get}, such as {@code region-a/m1 -> region-b/m2}
 * </ul>
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ResourcePolicyStatus(
        @JsonPropertyDescription("The metadata.generation that was judged.") @Nullable
        Long observedGeneration,

        List<StatusCondition> conditions,

        @JsonPropertyDescription("How many pods count towards each unit, and how many nodes it has.")
        List<UnitCount> units,

        @JsonPropertyDescription("The units in one line.") @Nullable
        String summary,

        @JsonPropertyDescription(
                "Slots of capped units that are promised to pods on their way. Written by the controller alone, under"
                        + " the object's version.")
        @Nullable
        ReservedSlots reserved) {

    /** Promised slots and who may promise them. */
    @JsonInclude(Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ReservedSlots(
            @JsonPropertyDescription("The controller that may promise slots; another one displaces it.") @Nullable
            String holder,

            List<ReservedSlot> slots) {
        public ReservedSlots {
            slots = slots == null ? List.of() : List.copyOf(slots);
        }
    }

    /** One promised slot. */
    public record ReservedSlot(
            @Required @JsonPropertyDescription("UID of the pod.")
            String pod,

            @Required @JsonPropertyDescription("Position in spec.units, from 1.") @Min(1) @Max(20)
            int unit) {}

    /** Pods of one unit. */
    @JsonInclude(Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record UnitCount(
            @Required @JsonPropertyDescription("Position in spec.units, from 1.") @Min(1) @Max(20)
            int index,

            @Required @JsonPropertyDescription("Pods that count towards the unit.") @Min(0) @Max(Integer.MAX_VALUE)
            int count,

            @JsonPropertyDescription("The unit's cap, absent where it has none.")
            @Min(0)
            @Max(Integer.MAX_VALUE)
            @Nullable
            Integer max,

            @JsonPropertyDescription("Nodes that the unit's nodeSelector matches: virtual ones where the unit buys in"
                    + " regions, else real ones.")
            @Min(0)
            @Max(Integer.MAX_VALUE)
            @Nullable
            Integer nodes) {}

    public ResourcePolicyStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        units = units == null ? List.of() : List.copyOf(units);
    }
}
