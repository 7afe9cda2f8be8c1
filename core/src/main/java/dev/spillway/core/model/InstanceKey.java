package dev.spillway.core.model;

/** Names an instance: its id means something in its region alone. */
public record InstanceKey(RegionId region, InstanceId instance) {}
