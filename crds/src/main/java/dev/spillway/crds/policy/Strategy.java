package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether nodes that are in no unit may be used. */
public enum Strategy {
    /** Yes, after every unit. */
    @JsonProperty("prefer")
    PREFER,
    /** No. */
    @JsonProperty("required")
    REQUIRED
}
