package dev.spillway.kube.http;

/**
 * What a process has of its virtual nodes beside the core's word.
 *
 * @param statuses asked for what the core was not told of a pod's status
 * @param endpoints where logs, streams and figures of the nodes' pods are served
 */
public record NodeServices(StatusSource statuses, KubeletEndpoints endpoints) {
    /** Nothing. */
    public static final NodeServices NONE = new NodeServices(StatusSource.NONE, KubeletEndpoints.NONE);
}
