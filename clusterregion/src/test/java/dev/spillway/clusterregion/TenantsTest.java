package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.clusterregion.surroundings.Namespaces;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S11, of a region that is another cluster: what is one namespace's at home is no other one's there. */
class TenantsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Kubernetes has no name of a Secret with a namespace in it; a path is no way to one either. */
    @Test
    void aPodCannotNameASecretOfAnotherNamespace() {
        try (var region = new ClusterRegionFixture()) {
            var secrets = new SecretsPlay();
            region.stock("region-a-1", 5);
            region.script(secrets);
            for (var path :
                    List.of("/api/v1/namespaces/other/secrets/keys", "/api/v1/namespaces/default/secrets/keys")) {
                region.home.put(path, HomePlay.object("""
                    {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys", "uid": "u", "resourceVersion": "9"}, "data": {"key": "%s"}}
                    """.formatted(path.contains("other") ? "b3RoZXI=" : "bWluZQ==")));
            }
            for (var name :
                    List.of("../../other/secrets/keys", "other/keys", "..%2F..%2Fother%2Fsecrets%2Fkeys", "keys")) {
                region.home.change(
                        "a",
                        pod -> ((ObjectNode) pod.at("/spec/containers/0"))
                                .putArray("envFrom")
                                .addObject()
                                .putObject("secretRef")
                                .put("name", name));
                var _ = region.openHasty(DEADLINE).acquire(requestFor("a").build());
                assertThat(secrets.toString()).doesNotContain("b3RoZXI=");
            }
            assertThat(secrets.secret("cluster-1-default", "keys")).isNotNull();
        }
    }

    /** Prefixes and cuts: a name that another one's cut name would be. */
    @Test
    void noTwoNamespacesShareOneThere() {
        var there = new HashSet<String>();
        var longest = "n".repeat(63);
        var names = new HashSet<>(List.of(longest, "n".repeat(62), "n".repeat(62) + "m", "a", "b-a"));
        names.add(Naming.namespace("b-", longest)); // what a tenant would choose
        names.add(Naming.namespace("b-", longest).substring(2));
        names.forEach(name -> there.add(Naming.namespace("b-", name)));

        assertThat(there).hasSameSizeAs(names);
    }

    /** Two Regions of one installation that lead to the same cluster: {@code a-} and {@code b-c} is {@code a-b-} and {@code c}. */
    @Test
    void thePrefixOfAnotherRegionIsNoWayIntoANamespace() {
        var name = Naming.namespace("a-", "b-c");
        assertThat(Naming.namespace("a-b-", "c")).isEqualTo(name);
        Sender region = (request, deadline) -> ApiResponse.of(200, """
            {"kind": "Namespace", "metadata": {"name": "a-b-c", "labels": {"spillway.dev/cluster": "cluster-1"},
             "annotations": {"spillway.dev/home-namespace": "b-c"}}}
            """);

        var problem =
                new Namespaces("cluster-1", emptied -> {}).ensure(new Calls(region, Deadline.in(DEADLINE)), name, "c");

        assertThat(problem)
                .isEqualTo(new AcquireAnswer.Refused(
                        new Refusal.Invalid("namespace a-b-c of the region stands for another one than c")));
    }

    /** Whoever may make namespaces there, or another prefix of another installation, may have been first. */
    @Test
    void aNamespaceThereThatStandsForAnotherOneIsNotEntered() {
        Sender region = (request, deadline) -> ApiResponse.of(200, """
            {"kind": "Namespace", "metadata": {"name": "b-a", "labels": {"spillway.dev/cluster": "cluster-1"},
             "annotations": {"spillway.dev/home-namespace": "b-a"}}}
            """);

        var problem =
                new Namespaces("cluster-1", emptied -> {}).ensure(new Calls(region, Deadline.in(DEADLINE)), "b-a", "a");

        assertThat(problem)
                .isEqualTo(new AcquireAnswer.Refused(
                        new Refusal.Invalid("namespace b-a of the region stands for another one than a")));
    }
}
