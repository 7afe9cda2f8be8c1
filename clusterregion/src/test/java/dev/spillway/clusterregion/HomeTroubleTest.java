package dev.spillway.clusterregion;

import static dev.spillway.regions.conformance.RequestBuilder.requestFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.conformance.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the home cluster does not give for one pod concerns that pod, for now: the region is not asked, and nothing is said about it. */
class HomeTroubleTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String WHY = "etcdserver: request timed out";

    private final ClusterRegionFixture region = new ClusterRegionFixture();

    @BeforeEach
    void setUp() {
        region.stock("region-a-1", 5);
        region.script(new SecretsPlay());
        region.home.change("a", pod -> {
            ((ObjectNode) pod.at("/spec/containers/0"))
                    .putArray("envFrom")
                    .addObject()
                    .putObject("secretRef")
                    .put("name", "keys");
            var spec = (ObjectNode) pod.path("spec");
            spec.put("serviceAccountName", "builder");
            spec.set("volumes", HomePlay.object("""
                {"v": [{"name": "t", "projected": {"sources": [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}]}}]}
                """).path("v"));
        });
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** A pod, its namespace (are its Secrets to stay?), the Services that it is told of, a Secret, a token. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                HomePlay.NAMESPACE + "/pods/a",
                HomePlay.NAMESPACE,
                HomePlay.NAMESPACE + "/services",
                HomePlay.NAMESPACE + "/secrets/keys",
                HomePlay.NAMESPACE + "/serviceaccounts/builder/token",
            })
    void whatIsNotGivenForOnePodMakesNoPodAndClosesNoRegion(String path) {
        var backend = region.openHasty(DEADLINE);
        region.home.fail(path, 500, "InternalError", WHY);

        assertThat(backend.acquire(requestFor("a").build()))
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .isInstanceOfSatisfying(
                                        Refusal.Unprepared.class,
                                        no -> assertThat(no.message())
                                                .startsWith("the home cluster ")
                                                .endsWith(": it answered 500: " + WHY)));
        assertThat(region.play.pods()).isEmpty();

        region.home.recover();
        assertThat(backend.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Accepted.class);
    }

    @Test
    void aHomeClusterThatIsSilentIsNoSilentRegion() {
        var backend = region.openHasty(DEADLINE);
        region.home.silence(true);

        assertThat(backend.acquire(requestFor("a").build()))
                .isEqualTo(new AcquireAnswer.Refused(
                        new Refusal.Unprepared("the home cluster gave no pod: The home cluster plays dead.")));
        assertThat(region.play.pods()).isEmpty();
    }

    /** It answers just in time, and would leave the region none: what is then not answered there is no silence of the region's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                HomePlay.NAMESPACE + "/pods/a",
                HomePlay.NAMESPACE,
                HomePlay.NAMESPACE + "/services",
            })
    void aHomeClusterThatIsSlowIsNoSlowRegion(String path) {
        var deadline = Duration.ofSeconds(2);
        var backend = region.openHasty(deadline);
        var secrets = new SecretsPlay();
        region.script(call -> {
            if (call.path().startsWith("/api/v1/namespaces")) {
                Thread.sleep(300);
            }
            return secrets.on(call);
        });
        region.home.slow(path, deadline.minusMillis(200));

        assertThat(backend.acquire(requestFor("a").build()))
                .isInstanceOfSatisfying(
                        AcquireAnswer.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .isInstanceOfSatisfying(
                                        Refusal.Unprepared.class,
                                        no -> assertThat(no.message()).endsWith(": no answer in time")));
        assertThat(region.play.pods()).isEmpty();

        region.home.recover();
        region.script(secrets);
        assertThat(backend.acquire(requestFor("a").build())).isInstanceOf(AcquireAnswer.Accepted.class);
    }

    /** The grace that the home pod ends with is worth some time, but not the end of the instance. */
    @Test
    void aHomeClusterThatHangsKeepsNoInstanceAlive() {
        var deadline = Duration.ofSeconds(2);
        var backend = region.openHasty(deadline);
        var answer = backend.acquire(requestFor("a").build());
        assertThat(answer).isInstanceOf(AcquireAnswer.Accepted.class);
        region.home.slow(HomePlay.NAMESPACE + "/pods/a", Duration.ofMinutes(10));

        var instance = ((AcquireAnswer.Accepted) answer).instance().id();
        assertThat(backend.terminate(instance)).isNotInstanceOf(TerminateAnswer.Unknown.class);
        Await.until("its end", () -> backend.terminate(instance) instanceof TerminateAnswer.Gone);
    }

    /** A token of ours that is just being renewed is no right that is missing. */
    @Test
    void credentialsThatAreNotAcceptedAtHomeForAMomentAreNoInvalidRequest() {
        var backend = region.openHasty(DEADLINE);
        for (var path : new String[] {"/secrets/keys", "/serviceaccounts/builder/token"}) {
            region.home.fail(HomePlay.NAMESPACE + path, 401, "Unauthorized", "Unauthorized");
            assertThat(backend.acquire(requestFor("a").build()))
                    .isInstanceOfSatisfying(
                            AcquireAnswer.Refused.class,
                            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Unprepared.class));
            region.home.recover();
        }
    }
}
