package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;

/** When a pod that does not fit may leave a unit (R5). */
public enum NextUnitPolicy {
    /** At the cap only; at once where the unit has none. */
    @JsonProperty("ExceedMax")
    EXCEED_MAX,
    /** After the timeout, whatever the cap. In the published types, not in the documents. */
    @JsonProperty("Timeout")
    TIMEOUT,
    /** At the cap or after the timeout. */
    @JsonProperty("TimeoutOrExceedMax")
    TIMEOUT_OR_EXCEED_MAX,
    /** At the cap or when there is no room. */
    @JsonProperty("LackResourceOrExceedMax")
    LACK_RESOURCE_OR_EXCEED_MAX,
    /** As before, but not while a pod of the unit is terminating. Two spellings are in use; the first is written. */
    @JsonProperty("LackResourceAndNoTerminating")
    @JsonAlias("LackResourceAndNoterminating")
    LACK_RESOURCE_AND_NO_TERMINATING
}
