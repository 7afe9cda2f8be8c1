package dev.spillway.clusterregion.mapping;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The status of a pod as it is kept: there is one for each pod, it takes some kilobytes and is seldom read. It is deflated, with a usual status as
 * what comes before, so that what is left is mostly what no other pod has: ids, addresses and times. Immutable.
 */
public final class PackedText {
    static final PackedText EMPTY = new PackedText(new byte[0], 0);

    /** In the order of a text with sorted fields; what comes up most often is nearest to the end, where it is cheapest to point at. */
    private static final byte[] USUAL = """
            {"message":"back-off 5m0s restarting failed container=","reason":"CrashLoopBackOff"}},"waiting":{"reason":"ContainerCreating"}\
            "lastState":{"terminated":{"containerID":"containerd://","exitCode":1,"finishedAt":"2026-01-01T00:00:00Z","reason":"Error",\
            "startedAt":"2026-01-01T00:00:00Z"}},"ready":false,"type":"ContainersReady"},"status":"False","initContainerStatuses":[\
            "reason":"PodCompleted","reason":"Completed","phase":"Succeeded","phase":"Pending","qosClass":"BestEffort","qosClass":"Guaranteed"\
            "conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1,"status":"True","type":"PodReadyToStartContainers"},\
            {"lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1,"status":"True","type":"Initialized"},\
            {"lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1,"status":"True","type":"Ready"},\
            {"lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1,"status":"True","type":"ContainersReady"}],\
            "containerStatuses":[{"allocatedResources":{"cpu":"100m","memory":"128Mi","nvidia.com/gpu":"1"},"containerID":"containerd://",\
            "image":"registry.k8s.io/","imageID":"docker.io/library/image@sha256:","lastState":{},"name":"main","ready":true,"resources":{\
            "limits":{"cpu":"1","memory":"256Mi","nvidia.com/gpu":"1"},"requests":{"cpu":"500m","memory":"1Gi"}},"restartCount":0,\
            "started":true,"state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"user":{"linux":{"gid":0,"supplementalGroups":[0],"uid":0}},\
            "volumeMounts":[{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","name":"kube-api-access-","readOnly":true,\
            "recursiveReadOnly":"Disabled"}]}],"hostIP":"192.168.0.1","hostIPs":[{"ip":"192.168.0.1"}],"observedGeneration":1,\
            "phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],"qosClass":"Burstable","startTime":"2026-01-01T00:00:00Z"}\
            """.getBytes(StandardCharsets.UTF_8);

    // One for all: it holds 250 KB outside of the heap.
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Deflater DEFLATER = new Deflater(Deflater.DEFAULT_COMPRESSION, true); // guarded by the lock

    private final byte[] packed;
    private final int length; // of the text in bytes

    private PackedText(byte[] packed, int length) {
        this.packed = packed;
        this.length = length;
    }

    static PackedText of(String text) {
        if (text.isEmpty()) {
            return EMPTY;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var packed = new byte[bytes.length + 64]; // what cannot be deflated grows by a few bytes
        int size = 0;
        LOCK.lock();
        try {
            DEFLATER.reset();
            DEFLATER.setDictionary(USUAL);
            DEFLATER.setInput(bytes);
            DEFLATER.finish();
            while (!DEFLATER.finished()) {
                if (size == packed.length) {
                    packed = Arrays.copyOf(packed, 2 * size);
                }
                size += DEFLATER.deflate(packed, size, packed.length - size);
            }
        } finally {
            LOCK.unlock();
        }
        return new PackedText(Arrays.copyOf(packed, size), bytes.length);
    }

    /** The text, made anew at each call. */
    String text() {
        if (length == 0) {
            return "";
        }
        var inflater = new Inflater(true);
        try {
            inflater.setDictionary(USUAL);
            inflater.setInput(packed);
            var bytes = new byte[length];
            int size = 0;
            while (size < length) {
                int more = inflater.inflate(bytes, size, length - size);
                if (more == 0) {
                    throw new IllegalStateException("A packed text is too short.");
                }
                size += more;
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
            throw new IllegalStateException("A packed text is broken.", e);
        } finally {
            inflater.end();
        }
    }

    /** Bytes that are kept. */
    int size() {
        return packed.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PackedText that && length == that.length && Arrays.equals(packed, that.packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }

    /** Without the text, which may be long. */
    @Override
    public String toString() {
        return length + " bytes";
    }
}
