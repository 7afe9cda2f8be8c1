package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.Syntax;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a policy: a kind of capacity, where it is, and how much of it may be used. Immutable; maps keep the order
 * in which they were written, absent ones read as empty.
 *
 * <p>podLabels and podAnnotations are checked for syntax because they travel in a Binding, whose metadata the server
 * stores unchecked: a bad one would make every later write to the pod fail. What the fields mean: docs/resource-policy.md, "Fields".
 */
@JsonInclude(Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!has(self.nodeSelector) || self.nodeSelector.all(k, " + Syntax.IS_LABEL_KEY + ")",
        fieldPath = ".nodeSelector",
        messageExpression = "\"nodeSelector has the key '\" + self.nodeSelector.filter(k, !(" + Syntax.IS_LABEL_KEY
                + "))[0] + \"', " + Syntax.NO_LABEL_KEY + "\"",
        message = "nodeSelector has a key, " + Syntax.NO_LABEL_KEY)
@ValidationRule(
        value = "!has(self.nodeSelector) || self.nodeSelector.all(k, self.nodeSelector[k].matches('"
                + Syntax.LABEL_VALUE + "'))",
        fieldPath = ".nodeSelector",
        messageExpression = "self.nodeSelector.filter(k, !self.nodeSelector[k].matches('" + Syntax.LABEL_VALUE
                + "')).map(k, \"nodeSelector has '\" + self.nodeSelector[k] + \"' as the value of '\" + k + \"', "
                + Syntax.NO_LABEL_VALUE
                + "\")[0]",
        message = "nodeSelector has a value, " + Syntax.NO_LABEL_VALUE)
@ValidationRule(
        value = "!has(self.podLabels) || self.podLabels.all(k, " + Syntax.IS_LABEL_KEY + ")",
        fieldPath = ".podLabels",
        messageExpression = "\"podLabels has the key '\" + self.podLabels.filter(k, !(" + Syntax.IS_LABEL_KEY
                + "))[0] + \"', " + Syntax.NO_LABEL_KEY + "\"",
        message = "podLabels has a key, " + Syntax.NO_LABEL_KEY)
@ValidationRule(
        value = "!has(self.podLabels) || self.podLabels.all(k, self.podLabels[k].matches('" + Syntax.LABEL_VALUE
                + "'))",
        fieldPath = ".podLabels",
        messageExpression = "self.podLabels.filter(k, !self.podLabels[k].matches('" + Syntax.LABEL_VALUE
                + "')).map(k, \"podLabels has '\" + self.podLabels[k] + \"' as the value of '\" + k + \"', "
                + Syntax.NO_LABEL_VALUE
                + "\")[0]",
        message = "podLabels has a value, " + Syntax.NO_LABEL_VALUE)
@ValidationRule(
        value = "!has(self.maxResources) || self.maxResources.all(k, " + PolicyUnit.IS_REQUESTABLE + ")",
        fieldPath = ".maxResources",
        messageExpression = "\"maxResources names '\" + self.maxResources.filter(k, !(" + PolicyUnit.IS_REQUESTABLE
                + "))[0] + \"', which no pod can request; write cpu, memory, ephemeral-storage, or a name with a"
                + " domain, such as nvidia.com/gpu\"",
        message =
                "maxResources names something that no pod can request; write cpu, memory, ephemeral-storage, or a name"
                        + " with a domain, such as nvidia.com/gpu")
@ValidationRule(
        value = "!has(self.podAnnotations) || self.podAnnotations.all(k, " + Syntax.IS_ANNOTATION_KEY + ")",
        fieldPath = ".podAnnotations",
        messageExpression =
                "\"podAnnotations has the key '\" + self.podAnnotations.filter(k, !(" + Syntax.IS_ANNOTATION_KEY
                        + "))[0] + \"', which is no annotation key; write [prefix/]name, the name at most 63 letters,"
                        + " digits, '-', '_' or '.', the prefix a domain name\"",
        message =
                "podAnnotations has a key that is no annotation key; write [prefix/]name, the name at most 63 letters,"
                        + " digits, '-', '_' or '.', the prefix a domain name")
@ValidationRule(
        value = "!has(self.podAnnotations) || self.podAnnotations.map(k, size(k) + size(self.podAnnotations[k])).sum()"
                + " <= 262144",
        fieldPath = ".podAnnotations",
        message = "podAnnotations are larger than the 256 KiB that Kubernetes allows a pod; shorten them")
@ValidationRule(
        value = "!has(self.nodeSelector) || !has(self.podLabels)"
                + " || !('topology.kubernetes.io/region' in self.nodeSelector)"
                + " || !('alibabacloud.com/serverless-region-id' in self.podLabels)"
                + " || self.nodeSelector['topology.kubernetes.io/region']"
                + " == self.podLabels['alibabacloud.com/serverless-region-id']",
        message = "nodeSelector topology.kubernetes.io/region and podLabels alibabacloud.com/serverless-region-id name"
                + " different regions; make them equal or leave one out")
public record PolicyUnit(
        @Required @JsonPropertyDescription("acs, eci: instances in regions. ecs, idc, elastic: real nodes.")
        UnitResource resource,

        @JsonPropertyDescription("Labels of the unit's nodes. Absent: all nodes of that resource.") @Size(max = 64)
        Map<String, @Size(max = 63) String> nodeSelector,

        @JsonPropertyDescription("Largest number of pods in this unit. Absent: no cap.")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        @Nullable
        Integer max,

        @JsonPropertyDescription("Upper limit for the sum of the requests of this unit's pods. Absent: no cap.")
        @Size(max = 64)
        Map<String, Quantity> maxResources,

        @JsonPropertyDescription(
                "Written onto a pod that is placed by this unit; a pod that was not counts in the unit only"
                        + " if it carries them.")
        @Size(max = 64)
        Map<String, @Size(max = 63) String> podLabels,

        @JsonPropertyDescription("As podLabels, for annotations.") @Size(max = 64)
        Map<String, @Size(max = 262144) String> podAnnotations,

        @JsonPropertyDescription("Whether interruptible capacity is asked for.") @Nullable
        Boolean spotInstance,

        @JsonPropertyDescription(
                "Deletion cost of the unit's pods, in place of the one that follows from the unit's position.")
        @Min(Integer.MIN_VALUE)
        @Max(Integer.MAX_VALUE)
        @Nullable
        Integer scaleInWeight) {

    /** CEL: a container may request the resource {@code k}; what its syntax leaves open the controller judges. */
    static final String IS_REQUESTABLE = "k == 'cpu' || k == 'memory' || k == 'ephemeral-storage' || k.indexOf('/') > 0"
            + " || k.startsWith('hugepages-')";

    public PolicyUnit {
        nodeSelector = inOrder(nodeSelector);
        maxResources = inOrder(maxResources);
        podLabels = inOrder(podLabels);
        podAnnotations = inOrder(podAnnotations);
    }

    /** An immutable copy in the same order; empty for null, which is what Jackson passes for an absent field. */
    static <V> Map<String, V> inOrder(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
