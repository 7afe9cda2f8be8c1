package dev.spillway.core.model;

/** A PodDisruptionBudget: how many of the selected pods of its namespace may be disrupted now. */
public record DisruptionBudget(String namespace, String name, LabelSelector selector, int disruptionsAllowed) {}
