package dev.spillway.kube.http;

import dev.spillway.kube.translate.KubeletEndpoint;

/**
 * What a process has of its virtual nodes beside the core's word.
 *
 * @param statuses asked for what the core was not told of a pod's status
 * @param endpoint where logs and streams of the nodes' pods are served
 */
public record NodeServices(StatusSource statuses, KubeletEndpoint endpoint) {
    /** Nothing. */
    public static final NodeServices NONE = new NodeServices(StatusSource.NONE, KubeletEndpoint.NONE);
}
