package dev.spillway.bench.region;

import dev.spillway.it.ControlPlane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a controller gets of a region's cluster: a user that may no more than it must, as docs/regions-kubernetes.md has it made. */
final class RegionAccess {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String CLUSTER_ROLES = "deploy/region-cluster";

    private RegionAccess() {}

    /** The kubeconfig, as text. */
    static String kubeconfig(Site region) throws IOException, InterruptedException {
        var plane = region.plane();
        kubectl(plane, List.of("apply", "-k", Checkout.find(CLUSTER_ROLES).toString()));
        region.api().awaitThere("/api/v1/namespaces/spillway/serviceaccounts/spillway", LIMIT);
        var token = kubectl(plane, List.of("create", "token", "spillway", "-n", "spillway", "--duration", "24h"))
                .strip();
        var whole = kubectl(plane, List.of("config", "view", "--minify", "--flatten", "-o", "json"));
        var script = Checkout.find(CLUSTER_ROLES + "/kubeconfig.sh").toString();
        return Checkout.run(whole, plane.kubectl(), List.of(script, token));
    }

    private static String kubectl(ControlPlane plane, List<String> words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(plane.kubectl().toString(), "--kubeconfig=" + plane.kubeconfig()));
        command.addAll(words);
        return Checkout.run("", plane.kubectl(), command);
    }
}
