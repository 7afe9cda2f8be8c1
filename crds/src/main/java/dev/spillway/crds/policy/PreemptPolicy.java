package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When pods of lower priority may be evicted for a pod that finds no room. */
public enum PreemptPolicy {
    /** After each unit that has no room. */
    @JsonProperty("BeforeNextUnit")
    BEFORE_NEXT_UNIT,
    /** Only after the last unit. */
    @JsonProperty("AfterAllUnits")
    AFTER_ALL_UNITS
}
