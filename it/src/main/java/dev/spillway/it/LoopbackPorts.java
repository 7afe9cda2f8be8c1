package dev.spillway.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;

/** Four different ports of the loopback interface that were free a moment ago. */
record LoopbackPorts(int etcd, int etcdPeers, int apiserver, int controllerManager) {

    // From 32768 on the kernel (Linux; 49152 elsewhere) hands out ports to outgoing connections, and kube-apiserver
    // opens
    // hundreds before it listens itself.
    private static final int LOWEST = 20_000;
    private static final int BEYOND = 32_768;

    static LoopbackPorts free() {
        Iterator<Integer> free = ThreadLocalRandom.current()
                .ints(LOWEST, BEYOND)
                .distinct()
                .limit(BEYOND - LOWEST)
                .filter(LoopbackPorts::isFree)
                .iterator();
        return new LoopbackPorts(free.next(), free.next(), free.next(), free.next());
    }

    /** One more, for a program that not every control plane has. */
    static int another() {
        return free().etcd();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(false);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
