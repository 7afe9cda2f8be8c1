package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Kinds of capacity (R2.3): the first two are instances in regions, the others real nodes. */
public enum UnitResource {
    /** Container compute through virtual nodes. */
    @JsonProperty("acs")
    ACS,
    /** Elastic container instances through virtual nodes. */
    @JsonProperty("eci")
    ECI,
    /** Cloud nodes. */
    @JsonProperty("ecs")
    ECS,
    /** Nodes on the user's premises. */
    @JsonProperty("idc")
    IDC,
    /** Node pools that grow on demand. */
    @JsonProperty("elastic")
    ELASTIC
}
