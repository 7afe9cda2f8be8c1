package dev.spillway.kube.translate;

/**
 * Where the kubelet's HTTP API of the virtual nodes is reached from the API server; its Nodes say so.
 *
 * @param address an IP address; empty where nothing is served
 * @param port 1 to 65535, 0 where nothing is served
 * @param takesWebSockets whether the API server is to ask for shells by WebSocket; to a Node that does not say so it speaks SPDY/3.1
 */
public record KubeletEndpoint(String address, int port, boolean takesWebSockets) {
    /** Nothing is served. */
    public static final KubeletEndpoint NONE = new KubeletEndpoint("", 0, false);

    boolean isServed() {
        return !address.isEmpty();
    }
}
