package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** One requirement on a pod's labels, with the meaning of Kubernetes' label selectors. Immutable. */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
                + " : !has(self.values) || size(self.values) == 0",
        message = "In and NotIn need values, Exists and DoesNotExist take none")
public record MatchExpression(
        @Required @Size(min = 1, max = 317) String key,

        @Required Operator operator,

        @Size(max = 256) List<@Size(max = 63) String> values) {

    /** How the label is compared. */
    public enum Operator {
        @JsonProperty("In")
        IN,
        @JsonProperty("NotIn")
        NOT_IN,
        @JsonProperty("Exists")
        EXISTS,
        @JsonProperty("DoesNotExist")
        DOES_NOT_EXIST
    }

    public MatchExpression {
        values = values == null ? List.of() : List.copyOf(values);
    }
}
