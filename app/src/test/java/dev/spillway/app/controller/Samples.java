package dev.spillway.app.controller;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Announcement;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodStatus;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.Tags;
import dev.spillway.core.region.Region;
import dev.spillway.core.step.Effect;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** One effect of each kind, one write of each urgency, and what they are made of. */
final class Samples {
    static final RegionId REGION = new RegionId("hangzhou");
    static final ZoneId ZONE = new ZoneId("hangzhou-j");
    static final NodeName NODE = new NodeName("virtual-kubelet-hangzhou-j");
    static final PodKey POD = new PodKey("default", "web-1");
    static final PodUid UID = new PodUid("uid-1");

    private static final InstanceId INSTANCE = new InstanceId("i-1");
    private static final PolicyKey POLICY = new PolicyKey("default", "spill");

    static final Effect.Bind BIND = new Effect.Bind(new Binding(POD, UID, NODE, Labels.empty(), Labels.empty()));
    static final ClusterWrite.Announce ANNOUNCE =
            new ClusterWrite.Announce(POD, UID, new Announcement(false, "Placed", "in hangzhou"));
    static final ClusterWrite.WriteStatus WRITE_STATUS = new ClusterWrite.WriteStatus(
            POD,
            UID,
            new PodStatus(
                    Pod.Phase.PENDING,
                    "",
                    "",
                    null,
                    null,
                    null,
                    null,
                    0,
                    new PodStatus.Created(true, "Created", ""),
                    List.of()));

    /** One of each urgency: that is all the difference that there is for who sends them. */
    private static final List<ClusterWrite> WRITES = List.of(
            new ClusterWrite.RemoveNode(NODE), WRITE_STATUS, new ClusterWrite.Explain(POD, UID, "sold out"), ANNOUNCE);

    static final List<Effect> EFFECTS = Stream.<Effect>concat(
                    Stream.of(
                            acquire(REGION),
                            new Effect.Terminate(REGION, INSTANCE, UID, "its pod is gone"),
                            new Effect.Find(REGION, UID, new Token("0".repeat(64))),
                            new Effect.Describe(REGION, INSTANCE, UID),
                            new Effect.ListInstances(REGION, Instant.EPOCH),
                            BIND,
                            new Effect.ReadPod(POD, UID),
                            new Effect.ListPods("demo"),
                            new Effect.Reserve(POLICY, null, new Reserved("me", List.of(new Reserved.Slot(UID, 1)))),
                            new Effect.ReadSelector("demo", new Owner("apps/v1", "ReplicaSet", "web", "u"))),
                    WRITES.stream().map(Effect.Write::new))
            .toList();

    private Samples() {}

    static Effect.Acquire acquire(RegionId region) {
        var offer = new Offer(region, ZONE, "gpu", "default", "L20", false);
        return new Effect.Acquire(
                region,
                new AcquireRequest(
                        new Token("0".repeat(64)),
                        new Tags("cluster", UID, POD, offer, "", 0, 0, 0),
                        Resources.NONE,
                        List.of(),
                        PodSpec.RestartPolicy.ALWAYS));
    }

    static Region region(long generation, Region.Backend backend) {
        return new Region(REGION, generation, 0, false, List.of(ZONE), List.of(), List.of("*"), false, 10, backend);
    }
}
