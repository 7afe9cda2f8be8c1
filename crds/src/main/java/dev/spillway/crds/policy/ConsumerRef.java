package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;

/** Reference to an object, in the shape of Kubernetes' ObjectReference. Kept as written; nothing reads it. */
@JsonInclude(Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConsumerRef(
        @Nullable String apiVersion,
        @Nullable String kind,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String uid,
        @Nullable String resourceVersion,
        @Nullable String fieldPath) {}
