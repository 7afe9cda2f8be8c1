package dev.spillway.regions.conformance;

import dev.spillway.core.model.Container;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.Tags;
import java.util.List;

/** Builds requests: one GPU pod of a policy in the first zone, as boring as they come. */
public final class RequestBuilder {
    private final String pod;
    private String cluster = "cluster-1";
    private String region = "region-a";
    private String zone = "region-a-1";
    private String gpuModel = "L20";
    private String token;
    private int incarnation;
    private List<Container> containers =
            List.of(new Container("nginx", "mirrors-ssl.aliyuncs.com/nginx:stable-alpine"));
    private PodSpec.RestartPolicy restartPolicy = PodSpec.RestartPolicy.ALWAYS;

    private RequestBuilder(String pod) {
        this.pod = pod;
        this.token = "%064x".formatted(pod.hashCode() & 0xffff_ffffL);
    }

    /** A request for the pod of that name; its UID and its token follow from the name. */
    public static RequestBuilder requestFor(String pod) {
        return new RequestBuilder(pod);
    }

    public RequestBuilder cluster(String changed) {
        cluster = changed;
        return this;
    }

    public RequestBuilder region(String changed) {
        region = changed;
        return this;
    }

    public RequestBuilder zone(String changed) {
        zone = changed;
        return this;
    }

    public RequestBuilder gpuModel(String changed) {
        gpuModel = changed;
        return this;
    }

    public RequestBuilder token(String changed) {
        token = changed;
        return this;
    }

    public RequestBuilder incarnation(int changed) {
        incarnation = changed;
        return this;
    }

    public RequestBuilder restartPolicy(PodSpec.RestartPolicy changed) {
        restartPolicy = changed;
        return this;
    }

    public RequestBuilder containers(Container... changed) {
        containers = List.of(changed);
        return this;
    }

    public AcquireRequest build() {
        Offer offer = new Offer(new RegionId(region), new ZoneId(zone), "gpu", "default", gpuModel, false);
        Tags tags = new Tags(
                cluster,
                new PodUid("uid-" + pod),
                new PodKey("default", pod),
                offer,
                "multi-vk-gpu-resourcepolicy",
                3,
                2,
                incarnation);
        return new AcquireRequest(new Token(token), tags, new Resources(1000, 1L << 30, 1), containers, restartPolicy);
    }
}
