package dev.spillway.core.model;

/**
 * A resource of which nodes had too little.
 *
 * @param reason of those nodes, as in an answer that no node fits
 * @param asked by the pod
 * @param mostFree on the node among them that has most
 */
public record Shortage(String reason, String resource, long asked, long mostFree) {}
