package dev.spillway.core.cluster;

/** A container of a pod, as far as its instance and its status need it. */
public record Container(String name, String image) {}
