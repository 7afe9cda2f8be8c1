package dev.spillway.core.testing;

import static dev.spillway.core.testing.OfferBuilder.anOffer;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Instances and their tags. Without further words: one that is starting, for demo/pod-1 of cluster-1, as unit 1 of policy p, which asks
 * for a GPU of {@link UnitBuilder#MODEL} in the first zone of region-a, has it.
 */
public final class InstanceBuilder extends Builder<InstanceBuilder, Instance> {
    private static final Instant RAN = Instant.parse("2026-01-01T00:00:00Z");

    private final String id;
    private String clusterId = "cluster-1";
    private PodUid podUid = new PodUid("uid-1");
    private PodKey pod = new PodKey("demo", "pod-1");
    private Offer offer = anOffer("region-a").build();
    private String policy = "p";
    private long generation = 1;
    private int unit = 1;
    private int incarnation;
    private Instance.State state = Instance.State.STARTING;
    private long observation = 1;
    private @Nullable String ip;
    private @Nullable String hostIp;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private int exitCode;
    private String reason = "";
    private String message = "";
    private List<ContainerReport> containers = List.of();
    private long detail;

    private InstanceBuilder(String id) {
        this.id = id;
    }

    /** An instance of this id. */
    public static InstanceBuilder anInstance(String id) {
        return new InstanceBuilder(id);
    }

    /** A later report of this instance. */
    public static InstanceBuilder after(Instance instance) {
        return like(instance).with(b -> b.observation = instance.observation() + 1);
    }

    /** An instance like this one. */
    public static InstanceBuilder like(Instance instance) {
        return anInstance(instance.id().value()).tags(instance.tags()).with(b -> {
            b.state = instance.state();
            b.observation = instance.observation();
            b.ip = instance.ip();
            b.hostIp = instance.hostIp();
            b.startedAt = instance.startedAt();
            b.finishedAt = instance.finishedAt();
            b.exitCode = instance.exitCode();
            b.reason = instance.reason();
            b.message = instance.message();
            b.containers = instance.containers();
            b.detail = instance.detail();
        });
    }

    /** Of this pod. */
    public InstanceBuilder of(Pod value) {
        return with(b -> {
            b.pod = value.key();
            b.podUid = value.uid();
        });
    }

    /** In the first zone of this region. */
    public InstanceBuilder inRegion(String region) {
        return of(anOffer(region));
    }

    /** Of this offer. */
    public InstanceBuilder of(OfferBuilder value) {
        return with(b -> b.offer = value.build());
    }

    /** Asked for by this unit of policy p. */
    public InstanceBuilder unit(int position) {
        return with(b -> b.unit = position);
    }

    /** Asked for by no policy. */
    public InstanceBuilder pinned() {
        return with(b -> {
            b.policy = "";
            b.generation = 0;
            b.unit = 0;
        });
    }

    /** The pod's instance number so many in this region, from 0. */
    public InstanceBuilder incarnation(int value) {
        return with(b -> b.incarnation = value);
    }

    /** With these tags. */
    public InstanceBuilder tags(Tags tags) {
        return with(b -> {
            b.clusterId = tags.clusterId();
            b.podUid = tags.podUid();
            b.pod = tags.pod();
            b.offer = tags.offer();
            b.policy = tags.policy();
            b.generation = tags.generation();
            b.unit = tags.unit();
            b.incarnation = tags.incarnation();
        });
    }

    /** In this state, all else as it was. */
    public InstanceBuilder in(Instance.State value) {
        return with(b -> b.state = value);
    }

    /** Ended at this instant. */
    public InstanceBuilder finished(Instant value) {
        return with(b -> b.finishedAt = value);
    }

    /** In this state, with addresses and times as far as an instance has them then. */
    public InstanceBuilder state(Instance.State value) {
        boolean ran = value == Instance.State.RUNNING || value == Instance.State.SUCCEEDED;
        return with(b -> {
            b.state = value;
            b.ip = ran ? "10.0.0.1" : null;
            b.hostIp = ran ? "10.0.0.2" : null;
            b.startedAt = ran ? RAN : null;
            b.finishedAt = value == Instance.State.SUCCEEDED ? RAN : null;
        });
    }

    /** Observed so many times. */
    public InstanceBuilder observation(long value) {
        return with(b -> b.observation = value);
    }

    /** At these addresses. */
    public InstanceBuilder addresses(@Nullable String ofPod, @Nullable String ofHost) {
        return with(b -> {
            b.ip = ofPod;
            b.hostIp = ofHost;
        });
    }

    /** Ended with this code. */
    public InstanceBuilder exitCode(int value) {
        return with(b -> b.exitCode = value);
    }

    /** For this reason. */
    public InstanceBuilder reason(String value) {
        return with(b -> b.reason = value);
    }

    /** With this text for people. */
    public InstanceBuilder message(String value) {
        return with(b -> b.message = value);
    }

    /** Says this of its containers. */
    public InstanceBuilder containers(ContainerReport... reports) {
        return with(b -> b.containers = List.of(reports));
    }

    /** Its backend tells a status with this fingerprint. */
    public InstanceBuilder detail(long value) {
        return with(b -> b.detail = value);
    }

    /** What it carries. */
    public Tags tags() {
        return new Tags(clusterId, podUid, pod, offer, policy, generation, unit, incarnation);
    }

    @Override
    public Instance build() {
        return new Instance(
                new InstanceId(id),
                tags(),
                state,
                observation,
                ip,
                hostIp,
                startedAt,
                finishedAt,
                exitCode,
                reason,
                message,
                containers,
                detail);
    }
}
