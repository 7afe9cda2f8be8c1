package dev.spillway.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code status.conditions}, in the shape that Kubernetes uses everywhere ({@code metav1.Condition}), so
 * that {@code kubectl wait --for=condition=Ready} works. At most one entry per type.
 *
 * <p>Field names: {@code type}, {@code status} ({@code True}, {@code False} or {@code Unknown}), {@code reason} (one
 * word in camel case), {@code message}, {@code lastTransitionTime} (RFC 3339) and, optional,
 * {@code observedGeneration}. The server refuses an entry that lacks one of the first five.
 */
@JsonInclude(Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record StatusCondition(
        @Required @Size(min = 1, max = 316) String type,

        @Required @Pattern("^(True|False|Unknown)$") String status,

        @Required @Size(min = 1, max = 1024) @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        String reason,

        @Required @Size(max = 32768) String message,

        @Required @JsonPropertyDescription("When the status changed last.")
        String lastTransitionTime,

        @JsonPropertyDescription("The metadata.generation that was judged.") @Nullable
        Long observedGeneration) {}
