package dev.spillway.crds.region;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.spillway.crds.Syntax;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A part of a region.
 *
 * @param id a DNS label of at most 47 characters: the node {@code virtual-kubelet-ID} carries its own name as the value
 *     of {@code kubernetes.io/hostname}, and a label's value has at most 63
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.id.matches('" + Syntax.DNS_LABEL + "')",
        fieldPath = ".id",
        message =
                "a zone's id is part of a node's name; use lower-case letters, digits and '-', the first and the last one"
                        + " a letter or digit")
public record Zone(
        @Required @JsonPropertyDescription("Lower-case letters, digits and '-'.") @Size(min = 1, max = 47)
        String id) {}
