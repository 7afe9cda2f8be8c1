package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.Syntax;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for in a {@link ResourcePolicy}. Fields and defaults: docs/resource-policy.md, "Fields".
 *
 * <p>The API server stores the defaults when an object is created; a field that is absent all the same reads as its
 * default here, and an absent list or map as empty. Immutable.
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!has(self.selector) || self.selector.all(k, " + Syntax.IS_LABEL_KEY + ")",
        fieldPath = ".selector",
        messageExpression = "\"selector has the key '\" + self.selector.filter(k, !(" + Syntax.IS_LABEL_KEY
                + "))[0] + \"', " + Syntax.NO_LABEL_KEY + "\"",
        message = "selector has a key, " + Syntax.NO_LABEL_KEY)
@ValidationRule(
        value = "!has(self.selector) || self.selector.all(k, self.selector[k].matches('" + Syntax.LABEL_VALUE + "'))",
        fieldPath = ".selector",
        messageExpression = "self.selector.filter(k, !self.selector[k].matches('" + Syntax.LABEL_VALUE
                + "')).map(k, \"selector has '\" + self.selector[k] + \"' as the value of '\" + k + \"', "
                + Syntax.NO_LABEL_VALUE
                + "\")[0]",
        message = "selector has a value, " + Syntax.NO_LABEL_VALUE)
@ValidationRule(
        value = "!has(self.matchLabelKeys) || self.matchLabelKeys.all(k, " + Syntax.IS_LABEL_KEY + ")",
        fieldPath = ".matchLabelKeys",
        messageExpression = "\"matchLabelKeys has '\" + self.matchLabelKeys.filter(k, !(" + Syntax.IS_LABEL_KEY
                + "))[0] + \"', which is no label key; write [prefix/]name, such as pod-template-hash\"",
        message = "matchLabelKeys has an entry that is no label key; write [prefix/]name, such as pod-template-hash")
public record ResourcePolicySpec(
        @JsonPropertyDescription("Pods of this namespace whose labels contain every pair are placed by this policy."
                + " Empty: every pod of the namespace.")
        @Size(max = 64)
        Map<String, @Size(max = 63) String> selector,

        @JsonPropertyDescription("Further requirements on the pod's labels; all must hold.") @Size(max = 64)
        List<MatchExpression> matchExpressions,

        @JsonPropertyDescription("Kept as written, without effect.") @Nullable
        ConsumerRef consumerRef,

        @JsonPropertyDescription(
                "prefer: real nodes that are in no unit may be used last. required: only the units are used.")
        @Default("prefer")
        Strategy strategy,

        @Required
        @JsonPropertyDescription(
                "Where pods may go. New pods try the units in this order; on scale-in they leave in the"
                        + " reverse order.")
        @Size(min = 1, max = 20)
        List<PolicyUnit> units,

        @JsonPropertyDescription("When pods of lower priority may be evicted: after each unit that has no room, or only"
                + " after the last one. Never in regions.")
        @Default("AfterAllUnits")
        PreemptPolicy preemptPolicy,

        @JsonPropertyDescription("With a cap: whether pods scheduled before this policy was created stay uncounted.")
        @Default("false")
        Boolean ignorePreviousPod,

        @JsonPropertyDescription("With a cap: whether terminating pods stay uncounted.") @Default("true")
        Boolean ignoreTerminatingPod,

        @JsonPropertyDescription(
                "Where max is set, it holds for each combination of these labels' values on its own. A pod that"
                        + " lacks one of them is not placed.")
        @Size(max = 16)
        List<@Size(min = 1, max = 317) String> matchLabelKeys,

        @JsonPropertyDescription("When a pod may leave a unit for the next one.") @Default("{}")
        WhenTryNextUnits whenTryNextUnits) {

    public ResourcePolicySpec {
        selector = PolicyUnit.inOrder(selector);
        matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
        strategy = Objects.requireNonNullElse(strategy, Strategy.PREFER);
        units = units == null ? List.of() : List.copyOf(units);
        preemptPolicy = Objects.requireNonNullElse(preemptPolicy, PreemptPolicy.AFTER_ALL_UNITS);
        ignorePreviousPod = Objects.requireNonNullElse(ignorePreviousPod, false);
        ignoreTerminatingPod = Objects.requireNonNullElse(ignoreTerminatingPod, true);
        matchLabelKeys = matchLabelKeys == null ? List.of() : List.copyOf(matchLabelKeys);
        whenTryNextUnits = Objects.requireNonNullElseGet(
                whenTryNextUnits, () -> new WhenTryNextUnits(NextUnitPolicy.LACK_RESOURCE_OR_EXCEED_MAX, null));
    }
}
