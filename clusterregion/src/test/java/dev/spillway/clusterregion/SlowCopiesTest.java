package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.regions.conformance.Await;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One Secret that the home cluster does not give: housekeeping waits for it, each time for one deadline. */
class SlowCopiesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final String SECRETS = HomePlay.NAMESPACE + "/secrets/";

    private final ClusterRegionFixture region = new ClusterRegionFixture();
    private final SecretsPlay secrets = new SecretsPlay();

    @BeforeEach
    void setUp() {
        region.stock("region-a-1", 5);
        region.script(secrets);
        nameSecrets("a");
        nameSecrets("b");
        region.home.put(SECRETS + "jam", secret("jam", "1"));
        region.home.put(SECRETS + "keys", secret("keys", "1"));
    }

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void theOthersFollowTheHomes() {
        jam(region.openHasty(DEADLINE));
        region.home.put(SECRETS + "keys", secret("keys", "2"));

        Await.until(
                "the change",
                () -> Objects.requireNonNull(secrets.secret("cluster-1-default", "keys"))
                        .at("/data/key")
                        .asText()
                        .equals("2"));
    }

    @Test
    void whoeverNamesItIsAnsweredInTime() {
        var backend = region.openHasty(DEADLINE);
        jam(backend);

        var answer = CompletableFuture.supplyAsync(
                () -> backend.acquire(requestFor("b").build()));

        assertThat(answer)
                .succeedsWithin(DEADLINE.multipliedBy(4))
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Unprepared.class));
    }

    /** A pod runs there, and housekeeping hangs at the first of its Secrets. */
    private void jam(ClusterRegionBackend backend) {
        var answer = backend.acquire(requestFor("a").build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        region.home.slow(SECRETS + "jam", Duration.ofMinutes(10));
        region.home.runs("a", ((AcquireAnswer.Accepted) answer).instance().id());
        Await.until("housekeeping at it", () -> region.home.waiting() > 0);
    }

    private void nameSecrets(String pod) {
        region.home.change(pod, home -> {
            var from = ((ObjectNode) home.at("/spec/containers/0")).putArray("envFrom");
            from.addObject().putObject("secretRef").put("name", "jam");
            from.addObject().putObject("secretRef").put("name", "keys");
        });
    }

    private static ObjectNode secret(String name, String value) {
        return HomePlay.object("""
            {"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
             "metadata": {"name": "%s", "namespace": "default", "uid": "uid-%s", "resourceVersion": "%s"}, "data": {"key": "%s"}}
            """.formatted(name, name, value, value));
    }
}
